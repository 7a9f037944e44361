//go:build unix && !linux

package embedded

import "syscall"

// attributes start a child as the account, in a process group of its own. No signal tells it that its parent has died.
func attributes(a account, _ syscall.Signal) *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setpgid: true}
	if a.other {
		attr.Credential = &syscall.Credential{Uid: a.uid, Gid: a.gid}
	}
	return attr
}

// memoryFolder is none: only Linux has one by convention.
func memoryFolder() string { return "" }
