// Package settings reads the settings of a command from the environment, and checks them before anything is opened.
package settings

import (
	"errors"
	"fmt"
	"math"
	"net"
	"net/url"
	"reflect"
	"strings"
	"time"
	_ "time/tzdata" // the zones of Indonesia, also where the system has none

	"github.com/caarlos0/env/v11"
)

// Settings are read from the environment by main, and nowhere else.
type Settings struct {
	Token     string  `env:"TELEGRAM_TOKEN"`
	API       string  `env:"TELEGRAM_API_URL" envDefault:"https://api.telegram.org"`
	Database  string  `env:"DATABASE_URL"`
	Migrate   string  `env:"MIGRATE_DATABASE_URL"`
	Redis     string  `env:"REDIS_URL"`
	Listen    string  `env:"LISTEN_ADDR" envDefault:"127.0.0.1:8080"`
	PublicURL string  `env:"PUBLIC_URL"`
	Media     string  `env:"MEDIA_URL" envDefault:"media"`
	Rate      float64 `env:"SEND_RATE" envDefault:"28"`
	Paid      bool    `env:"PAID_BROADCAST"`
	Zone      string  `env:"TZ_DEFAULT" envDefault:"Asia/Jakarta"`
	Read      bool    `env:"READ_PICTURES" envDefault:"true"`
}

// kinds is what a setting takes, in words.
var kinds = map[reflect.Kind]string{reflect.Float64: "a number", reflect.Bool: "true or false"}

// Read reads the environment.
func Read() (Settings, error) {
	s, err := env.ParseAs[Settings]()
	if err != nil {
		var one env.ParseError
		if errors.As(err, &one) {
			field, _ := reflect.TypeFor[Settings]().FieldByName(one.Name)
			return s, fmt.Errorf("%s can't be read: give it %s, or leave it unset", field.Tag.Get("env"), kinds[field.Type.Kind()])
		}
		return s, fmt.Errorf("settings: %w", err)
	}
	return s, nil
}

// freeRate is how many messages a second Telegram sends for a bot that does not pay (Bot API, "Broadcasting to users").
const freeRate = 30

// Need checks that the named settings are there and sound; the error is one line that says what to do.
func (s Settings) Need(names ...string) error {
	values := map[string]string{"TELEGRAM_TOKEN": s.Token, "DATABASE_URL": s.Database, "REDIS_URL": s.Redis}
	hints := map[string]string{
		"TELEGRAM_TOKEN": "the token that @BotFather gave you, like 123456:ABC…",
		"DATABASE_URL":   "a PostgreSQL 15 or later, like postgres://user:password@host:5432/pendamping",
		"REDIS_URL":      "a Redis 7 or later, like redis://host:6379/0",
	}
	for _, n := range names {
		if values[n] == "" {
			return fmt.Errorf("%s is not set: give it %s", n, hints[n])
		}
	}
	for _, n := range names {
		u, err := url.Parse(values[n])
		switch {
		case n == "TELEGRAM_TOKEN":
			if id, secret, ok := strings.Cut(s.Token, ":"); !ok || id == "" || secret == "" || strings.ContainsAny(s.Token, " /") {
				return fmt.Errorf("TELEGRAM_TOKEN does not look like a token: give it %s", hints[n])
			}
		case err != nil || u.Scheme == "" || u.Host == "" && u.RawQuery == "":
			return fmt.Errorf("%s is not an address: give it %s", n, hints[n])
		}
	}
	if u, err := url.Parse(s.Migrate); s.Migrate != "" && (err != nil || u.Scheme == "" || u.Host == "" && u.RawQuery == "") {
		return errors.New("MIGRATE_DATABASE_URL is not an address: give it the database of DATABASE_URL with the user who owns its tables, " +
			"or leave it unset")
	}
	if u, err := url.Parse(s.API); err != nil || !private(u) { // the token stands in each address
		return errors.New("TELEGRAM_API_URL is not an https address (plain http is taken on loopback only): " +
			"give it a base like https://api.telegram.org, or leave it unset")
	}
	if s.Listen != "" {
		_, port, err := net.SplitHostPort(s.Listen)
		if err == nil {
			_, err = net.LookupPort("tcp", port)
		}
		if err != nil || port == "" {
			return errors.New("LISTEN_ADDR is not an address with a port: give it one like 127.0.0.1:8080, or leave it unset")
		}
	}
	if !(s.Rate >= 0) || math.IsInf(s.Rate, 1) { // NaN is neither
		return errors.New("SEND_RATE is not a number from 0: give it messages a second, or 0 for no limit")
	}
	if s.Rate > freeRate && !s.Paid {
		return fmt.Errorf("SEND_RATE is above %d, which is all that Telegram sends a second for nothing: "+
			"give it %d or less (28 meets no limit), 0 for load tests, or set PAID_BROADCAST=true, which costs Stars", freeRate, freeRate)
	}
	if _, err := s.Location(); err != nil {
		return err
	}
	if s.PublicURL != "" {
		u, err := url.Parse(s.PublicURL)
		if err == nil && (u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || u.User != nil) {
			return errors.New("PUBLIC_URL has more than an address in it: give it one like https://bot.example.id, " +
				"without a user, a query or a fragment")
		}
		if err != nil || !private(u) {
			return errors.New("PUBLIC_URL is not an https address (plain http is taken on loopback only): " +
				"give it one like https://bot.example.id, or leave it unset")
		}
	}
	return nil
}

// Location is the time zone of TZ_DEFAULT. Its error is one line that says what to do.
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

// OneLine is an error whose words go over several lines, of which the last says it best.
func OneLine(err error) string {
	lines := strings.Split(strings.TrimSpace(err.Error()), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}
