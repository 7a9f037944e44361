package embedded

import "syscall"

// attributes start a child as the account, in a process group of its own, so that Ctrl-C at a terminal reaches this
// process first, and with the signal that the kernel sends it when the thread that started it ends.
func attributes(a account, orphaned syscall.Signal) *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setpgid: true, Pdeathsig: orphaned}
	if a.other {
		attr.Credential = &syscall.Credential{Uid: a.uid, Gid: a.gid}
	}
	return attr
}

// memoryFolder is a folder in memory with room for a cluster, or "". Containers often have one of 64 MB only.
func memoryFolder() string {
	const dir, room = "/dev/shm", 1 << 30
	var fs syscall.Statfs_t
	if err := syscall.Statfs(dir, &fs); err != nil || fs.Bavail*uint64(fs.Bsize) < room {
		return ""
	}
	return dir
}
