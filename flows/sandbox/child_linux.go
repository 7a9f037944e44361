package sandbox

import (
	"errors"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"unsafe"
)

// Enforced reports whether the system itself holds children to their memory and processor limits.
const Enforced = true

// beside is what a process needs next to its job's buffers, in bytes: the garbage, the runtime's tables, and two of its
// arenas of 64 MiB, since a large buffer may fit neither into what is left of one nor into a part of the next.
const beside = 160 << 20

// Constants of the kernel that syscall lacks.
const (
	noNewPrivileges = 38 // PR_SET_NO_NEW_PRIVS
	byPid           = 1  // P_PID
)

// self is the running program, even if a deployment has put another file in its place.
func self() (string, error) { return "/proc/self/exe", nil }

// apart gives the child a process group of its own and lets it die with the thread that starts it.
func apart(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

// endGroup waits until the child has ended, and kills what is left of its group. The child itself is waited for later:
// until then nobody else can have its number.
func endGroup(pid int) {
	var info [128]byte // siginfo_t
	for {
		_, _, e := syscall.Syscall6(syscall.SYS_WAITID, byPid, uintptr(pid), uintptr(unsafe.Pointer(&info)),
			syscall.WEXITED|syscall.WNOWAIT, 0, 0)
		if e != syscall.EINTR {
			break
		}
	}
	_ = syscall.Kill(-pid, syscall.SIGKILL)
}

// confine sets the limits of this process, which the programs that it starts inherit. Memory is limited as data that
// can be written (RLIMIT_DATA): the address space as a whole says nothing of a Go program, which reserves far more than
// it uses.
func confine(o order) error {
	runtime.LockOSThread() // so that a program it starts lives as long as this thread: see Program
	debug.SetMemoryLimit(o.Memory + 24<<20)
	has, err := data()
	if err != nil {
		return err
	}
	for _, l := range []struct {
		what int
		most int64
	}{
		{syscall.RLIMIT_CORE, 0}, {syscall.RLIMIT_DATA, has + o.Memory + beside}, {syscall.RLIMIT_CPU, o.CPU},
		{syscall.RLIMIT_FSIZE, o.File},
		{syscall.RLIMIT_NOFILE, 128},
	} {
		if err := syscall.Setrlimit(l.what, &syscall.Rlimit{Cur: uint64(l.most), Max: uint64(l.most)}); err != nil {
			return err
		}
	}
	if err := closeInherited(3 + o.In); err != nil {
		return err
	}
	// Setuid programs gain nothing. With cgo only this thread can be told; it is the one that starts programs.
	if _, _, e := syscall.RawSyscall6(syscall.SYS_PRCTL, noNewPrivileges, 1, 0, 0, 0, 0); e != 0 {
		return e
	}
	// Priorities belong to threads here; later ones inherit that of theirs.
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return err
	}
	for _, t := range threads {
		if id, err := strconv.Atoi(t.Name()); err == nil {
			_ = syscall.Setpriority(syscall.PRIO_PROCESS, id, 19)
		}
	}
	return nil
}

// data is how many bytes of writable memory this process has already.
func data() (int64, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	_, rest, found := strings.Cut(string(status), "\nVmData:")
	fields := strings.Fields(rest)
	if !found || len(fields) == 0 {
		return 0, errors.New("/proc/self/status has no VmData")
	}
	kib, err := strconv.ParseInt(fields[0], 10, 64)
	return kib << 10, err
}

// closeInherited closes what whoever started the parent left open in it, from a descriptor on, and keeps the inputs
// from the programs that a job starts. Go's own files close on exec.
func closeInherited(from int) error {
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return err
	}
	for _, e := range list {
		fd, err := strconv.Atoi(e.Name())
		if err != nil || fd < 3 {
			continue
		}
		if fd < from {
			syscall.CloseOnExec(fd)
			continue
		}
		if flags, _, e := syscall.Syscall(syscall.SYS_FCNTL, uintptr(fd), syscall.F_GETFD, 0); e == 0 &&
			flags&syscall.FD_CLOEXEC == 0 {
			syscall.Close(fd)
		}
	}
	return nil
}

// Program makes a program that a job starts end with the job.
func Program(cmd *exec.Cmd) *exec.Cmd {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return cmd
}
