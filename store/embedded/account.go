package embedded

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// account is the user that servers run as: this process's own, unless that is root, whom PostgreSQL refuses.
type account struct {
	uid, gid uint32
	other    bool // not this process's own user
}

// serverAccount returns this process's user, or for root "postgres" where there is one and "nobody" where there is not.
func serverAccount() (account, error) {
	if os.Geteuid() != 0 {
		return account{uid: uint32(os.Geteuid()), gid: uint32(os.Getegid())}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil || uid == 0 {
			continue
		}
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		if err != nil {
			continue
		}
		return account{uid: uint32(uid), gid: uint32(gid), other: true}, nil
	}
	return account{}, errors.New("servers do not run as root: add a user named postgres or nobody")
}

// owns hands a folder of ours to the account and closes it to everybody else. A third user's folder stays that user's.
func (a account) owns(dir string) error {
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	owner := info.Sys().(*syscall.Stat_t).Uid
	if owner != uint32(os.Geteuid()) && owner != a.uid {
		return fmt.Errorf("%s belongs to another user: run this as that user, or choose another folder", dir)
	}
	if a.other {
		if err := os.Chown(dir, int(a.uid), int(a.gid)); err != nil {
			return err
		}
	}
	return os.Chmod(dir, 0o700)
}

// enters reports whether the account gets into the folder. It asks the kernel as that user, which knows of links,
// mounts and access lists.
func (a account) enters(dir string) bool {
	if !a.other {
		return true
	}
	cmd := exec.Command("/bin/sh", "-c", `test -x "$0"`, dir)
	cmd.Dir = "/"
	cmd.SysProcAttr = attributes(a, 0)
	return cmd.Run() == nil
}
