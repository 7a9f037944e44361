package embedded_test

import (
	"net"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"pendamping/store/embedded"
)

func TestRedisKeepsItsData(t *testing.T) {
	ctx := t.Context()
	o := embedded.Options{Dir: folder(t), Log: t.Output()}
	first := startRedis(t, o)
	if err := client(t, first.URL).Set(ctx, "greeting", "halo", 0).Err(); err != nil {
		t.Fatal(err)
	}
	first.Stop()
	if conn, err := net.Dial("tcp", address(t, first.URL)); err == nil {
		conn.Close()
		t.Error("the server answers after Stop")
	}
	second := startRedis(t, o)
	if got := client(t, second.URL).Get(ctx, "greeting").Val(); got != "halo" {
		t.Errorf("after a restart the greeting is %q", got)
	}
}

func TestThrowawayRedisHasManyDatabases(t *testing.T) {
	ctx := t.Context()
	r := startRedis(t, embedded.Options{Throwaway: true, Log: t.Output()})
	conn := client(t, r.URL).Conn()
	defer conn.Close()
	if err := conn.Select(ctx, embedded.Databases-1).Err(); err != nil {
		t.Error(err)
	}
	if !r.Real() {
		t.Error("StartRedis gives something else than a server")
	}
}

func TestStandInLetsKeysExpire(t *testing.T) {
	ctx := t.Context()
	r, err := embedded.StartAnyRedis(ctx, embedded.Options{Throwaway: true, Log: t.Output(), Fetched: true})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Stop()
	if r.Real() {
		t.Fatal("want the one in this process")
	}
	c := client(t, r.URL)
	if err := c.Set(ctx, "greeting", "halo", 20*time.Millisecond).Err(); err != nil {
		t.Fatal(err)
	}
	for c.Exists(ctx, "greeting").Val() == 1 { // without a clock this never ends
		time.Sleep(5 * time.Millisecond)
	}
}

func TestRedisIsUnpackedWithoutRoot(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root installs the package")
	}
	if _, err := exec.LookPath("apt-get"); err != nil {
		t.Skip("this machine has no apt-get")
	}
	startRedis(t, embedded.Options{Throwaway: true, Log: t.Output(), Fetched: true})
}

func startRedis(t *testing.T, o embedded.Options) *embedded.Redis {
	t.Helper()
	began := time.Now()
	r, err := embedded.StartRedis(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("started in %v", time.Since(began))
	t.Cleanup(r.Stop)
	return r
}

func client(t *testing.T, url string) *redis.Client {
	t.Helper()
	options, err := redis.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	c := redis.NewClient(options)
	t.Cleanup(func() { c.Close() })
	return c
}
