package embedded

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// folder is where one server keeps its data. One process at a time holds it.
type folder struct {
	path  string
	lock  *os.File  // inherited by the server, so held until the last of its processes has ended
	sweep *os.File  // throwaway: closing it, or dying, removes the folder
	broom *exec.Cmd // throwaway: what removes it
}

// open finds or makes the folder that o wants for the named server and takes its lock.
func (o Options) open(ctx context.Context, a account, server string) (*folder, error) {
	f := &folder{}
	var err error
	switch {
	case o.Throwaway:
		f.path, err = throwaway(a, server)
	case o.Dir == "":
		err = errors.New("no folder is given")
	default:
		f.path, err = o.lasting(a, server)
	}
	if err != nil {
		return nil, fmt.Errorf("folder for %s: %w", server, err)
	}
	if o.Throwaway {
		err = f.sweepLater()
	} else {
		err = f.hold(ctx)
	}
	if err != nil {
		f.close()
		return nil, fmt.Errorf("folder for %s: %w", server, err)
	}
	return f, nil
}

// lasting returns the server's folder in o.Dir, or what stands for it where the account does not get there.
func (o Options) lasting(a account, server string) (string, error) {
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	path := filepath.Join(dir, server)
	if target, err := filepath.EvalSymlinks(path); err == nil && a.enters(target) {
		return target, a.owns(target)
	}
	if a.enters(dir) {
		if err := os.Mkdir(path, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
			return "", err
		}
		return path, a.owns(path)
	}
	const reachable = "/var/lib/pendamping"
	if err := makeOpen(reachable); err != nil {
		return "", err
	}
	target, err := os.MkdirTemp(reachable, server+"-")
	if err != nil {
		return "", err
	}
	if err := a.owns(target); err != nil {
		return "", err
	}
	_ = os.Remove(path) // a link to a folder that is gone, or a folder that is still empty
	if err := os.Symlink(target, path); err != nil {
		return "", err
	}
	o.say("%s keeps its data in %s: its user cannot enter %s", server, target, dir)
	return target, nil
}

// throwaway returns a new folder, in memory where there is room.
func throwaway(a account, server string) (string, error) {
	for _, base := range []string{memoryFolder(), os.TempDir(), "/tmp", "/var/tmp"} {
		if base == "" || !a.enters(base) {
			continue
		}
		path, err := os.MkdirTemp(base, "pendamping-"+server+"-")
		if err != nil {
			continue
		}
		return path, a.owns(path)
	}
	return "", errors.New("no temporary folder can be written to")
}

// makeOpen makes a folder that everybody may enter, whatever the umask.
func makeOpen(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return os.Chmod(dir, 0o755)
}

// hold takes the lock and writes this process's number into it. A server whose parent was killed needs a moment to end,
// so it is given some; one whose parent lives is hardly waited for.
func (f *folder) hold(ctx context.Context) error {
	lock, err := os.OpenFile(filepath.Join(f.path, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	f.lock = lock
	for began := time.Now(); ; {
		err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			if err := lock.Truncate(0); err != nil {
				return err
			}
			_, err = lock.WriteAt([]byte(strconv.Itoa(os.Getpid())), 0)
			return err
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return err
		}
		patience := 10 * time.Second
		if holderLives(lock) {
			patience = time.Second
		}
		if time.Since(began) > patience {
			return fmt.Errorf("%s is in use by another process: end that one first", f.path)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// holderLives reports whether the process that took the lock is still there.
func holderLives(lock *os.File) bool {
	var number [20]byte
	n, _ := lock.ReadAt(number[:], 0)
	pid, err := strconv.Atoi(string(number[:n]))
	return err == nil && !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH)
}

// sweepLater starts a shell that waits for this process to close a pipe, which its death does too, and then removes the
// folder, so that a killed test leaves nothing behind in memory.
func (f *folder) sweepLater() error {
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	defer r.Close()
	f.broom = exec.Command("/bin/sh", "-c",
		`read -r _; n=0; until rm -rf "$0" 2>/dev/null || [ $n -ge 100 ]; do n=$((n+1)); sleep 0.1; done`, f.path)
	f.broom.Dir = "/"
	f.broom.Stdin = r
	f.broom.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := f.broom.Start(); err != nil {
		w.Close()
		return err
	}
	f.sweep = w
	return nil
}

// inherited returns the files that the server keeps open as long as it runs.
func (f *folder) inherited() []*os.File {
	if f.lock == nil {
		return nil
	}
	return []*os.File{f.lock}
}

// close lets the folder go, and removes it where it is a throwaway one. The server has ended by then.
func (f *folder) close() {
	if f.lock != nil {
		f.lock.Close()
	}
	if f.sweep != nil {
		f.sweep.Close()
		_ = f.broom.Wait()
	}
}
