// Package settings reads the settings of a command from the environment, and checks them before anything is opened.
package settings

import (
	"errors"
	"fmt"
	"math"
	"net"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // the zones of Indonesia, also where the system has none

	"github.com/caarlos0/env/v11"
)

// Settings are what the environment says. main reads it, and nothing else does. What each variable means is in
// cmd/README.md.
type Settings struct {
	Token     string  `env:"TELEGRAM_TOKEN"`
	API       string  `env:"TELEGRAM_API_URL" envDefault:"https://api.telegram.org"`
	Database  string  `env:"DATABASE_URL"`
	Migrate   string  `env:"MIGRATE_DATABASE_URL"`
	Redis     string  `env:"REDIS_URL"`
	Listen    string  `env:"LISTEN_ADDR" envDefault:"127.0.0.1:8080"`
	PublicURL string  `env:"PUBLIC_URL"`
	Media     string  `env:"MEDIA_URL" envDefault:"media"` // a folder, or file:///…
	Rate      float64 `env:"SEND_RATE" envDefault:"28"`    // messages a second, 0 for no limit
	Paid      bool    `env:"PAID_BROADCAST"`
	Zone      string  `env:"TZ_DEFAULT" envDefault:"Asia/Jakarta"` // of the IANA database
	Read      bool    `env:"READ_PICTURES" envDefault:"true"`
}

// kinds is what a setting takes, in words.
var kinds = map[reflect.Kind]string{reflect.Float64: "a number", reflect.Bool: "true or false"}

// Read reads the environment. Its error is one line about a variable that should be a number, or true or false, and
// is not.
func Read() (Settings, error) {
	s, err := env.ParseAs[Settings]()
	if err != nil {
		var one env.ParseError
		if errors.As(err, &one) {
			field, _ := reflect.TypeFor[Settings]().FieldByName(one.Name)
			return s, fmt.Errorf("%s can't be read: give it %s, or leave it unset",
				field.Tag.Get("env"), kinds[field.Type.Kind()])
		}
		return s, fmt.Errorf("settings: %w", err)
	}
	return s, nil
}

// required are the settings that a command may need, with what each wants.
var required = []struct {
	name, wants string
	value       func(Settings) string
}{
	{
		"TELEGRAM_TOKEN", "the token that @BotFather gave you, like 123456:ABC…",
		func(s Settings) string { return s.Token },
	},
	{
		"DATABASE_URL", "a PostgreSQL 15 or later, like postgres://user:password@host:5432/pendamping",
		func(s Settings) string { return s.Database },
	},
	{"REDIS_URL", "a Redis 7 or later, like redis://host:6379/0", func(s Settings) string { return s.Redis }},
}

// Need checks that the named settings, of TELEGRAM_TOKEN, DATABASE_URL and REDIS_URL, are there, and that all
// settings are sound. Its error is one line about the first that is not, and says what to do.
func (s Settings) Need(names ...string) error {
	if bad := s.Wrong(names...); len(bad) > 0 {
		return bad[0]
	}
	return nil
}

// Wrong returns what Need checks, all of it: an error of one line for each setting that is missing or not sound, the
// missing ones first.
func (s Settings) Wrong(names ...string) []error {
	var missing, bad []error
	for _, r := range required {
		value := r.value(s)
		switch {
		case !slices.Contains(names, r.name):
		case value == "":
			missing = append(missing, fmt.Errorf("%s is not set: give it %s", r.name, r.wants))
		case r.name == "TELEGRAM_TOKEN" && !likeToken(value):
			bad = append(bad, fmt.Errorf("TELEGRAM_TOKEN does not look like a token: give it %s", r.wants))
		case r.name != "TELEGRAM_TOKEN" && !likeAddress(value):
			bad = append(bad, fmt.Errorf("%s is not an address: give it %s", r.name, r.wants))
		}
	}
	_, zone := s.Location()
	for _, err := range []error{s.migrate(), s.api(), s.listen(), s.rate(), zone, s.publicURL()} {
		if err != nil {
			bad = append(bad, err)
		}
	}
	return append(missing, bad...)
}

// likeToken reports whether a token has the form of Telegram's.
func likeToken(token string) bool {
	id, secret, ok := strings.Cut(token, ":")
	return ok && id != "" && secret != "" && !strings.ContainsAny(token, " /")
}

// likeAddress reports whether a server could be meant: a host, or what a query says of it.
func likeAddress(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme != "" && (u.Host != "" || u.RawQuery != "")
}

func (s Settings) migrate() error {
	if s.Migrate == "" || likeAddress(s.Migrate) {
		return nil
	}
	return errors.New("MIGRATE_DATABASE_URL is not an address: " +
		"give it the database of DATABASE_URL with the user who owns its tables, or leave it unset")
}

func (s Settings) api() error {
	if u, err := url.Parse(s.API); err == nil && private(u) { // the token stands in each address
		return nil
	}
	return errors.New("TELEGRAM_API_URL is not an https address (plain http is taken on loopback only): " +
		"give it a base like https://api.telegram.org, or leave it unset")
}

func (s Settings) listen() error {
	if s.Listen == "" {
		return nil
	}
	_, port, err := net.SplitHostPort(s.Listen)
	if err == nil {
		_, err = net.LookupPort("tcp", port)
	}
	if err != nil || port == "" {
		return errors.New("LISTEN_ADDR is not an address with a port: " +
			"give it one like 127.0.0.1:8080, or leave it unset")
	}
	return nil
}

// freeRate is how many messages a second Telegram sends for a bot that does not pay (Bot API, "Broadcasting to users").
const freeRate = 30

func (s Settings) rate() error {
	if !(s.Rate >= 0) || math.IsInf(s.Rate, 1) { // NaN is neither
		return errors.New("SEND_RATE is not a number from 0: give it messages a second, or 0 for no limit")
	}
	if s.Rate > freeRate && !s.Paid {
		return fmt.Errorf("SEND_RATE is above %[1]d, which is all that Telegram sends a second for nothing: "+
			"give it %[1]d or less (28 meets no limit), 0 for load tests, "+
			"or set PAID_BROADCAST=true, which costs Stars", freeRate)
	}
	return nil
}

func (s Settings) publicURL() error {
	if s.PublicURL == "" {
		return nil
	}
	u, err := url.Parse(s.PublicURL)
	if err == nil && (u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || u.User != nil) {
		return errors.New("PUBLIC_URL has more than an address in it: give it one like https://bot.example.id, " +
			"without a user, a query or a fragment")
	}
	if err != nil || !private(u) {
		return errors.New("PUBLIC_URL is not an https address (plain http is taken on loopback only): " +
			"give it one like https://bot.example.id, or leave it unset")
	}
	return nil
}

// Location returns the time zone of TZ_DEFAULT. Its error is one line that says what to do.
func (s Settings) Location() (*time.Location, error) {
	zone, err := time.LoadLocation(s.Zone)
	if err != nil || strings.EqualFold(s.Zone, "local") { // local is another one on each machine
		return nil, errors.New("TZ_DEFAULT is not a time zone: give it a name like Asia/Jakarta")
	}
	return zone, nil
}

// private reports whether nobody on the way reads what is sent to an address.
func private(u *url.URL) bool {
	return u.Host != "" && (u.Scheme == "https" || u.Scheme == "http" && loopback(u.Hostname()))
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}

// OneLine returns the words of an error in one line. Where they go over several, that is the last: it says best what
// is wrong.
func OneLine(err error) string {
	lines := strings.Split(strings.TrimSpace(err.Error()), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}
