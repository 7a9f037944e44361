package settings_test

import (
	"math"
	"strings"
	"testing"

	"pendamping/cmd/internal/settings"
)

// Each bad setting is one line that names it and says what to do.
func TestSettings(t *testing.T) {
	good := settings.Settings{
		Token: "1:a", API: "https://api.example", Database: "postgres://u@h/d", Redis: "redis://h:6379/0",
		Zone: "Asia/Jakarta", Rate: 28,
	}
	all := []string{"TELEGRAM_TOKEN", "DATABASE_URL", "REDIS_URL"}
	if err := good.Need(all...); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*settings.Settings){
		"TELEGRAM_TOKEN is not set":              func(s *settings.Settings) { s.Token = "" },
		"TELEGRAM_TOKEN does not look":           func(s *settings.Settings) { s.Token = "abc" },
		"DATABASE_URL is not set":                func(s *settings.Settings) { s.Database = "" },
		"DATABASE_URL is not an address":         func(s *settings.Settings) { s.Database = "x" },
		"REDIS_URL is not set":                   func(s *settings.Settings) { s.Redis = "" },
		"TELEGRAM_API_URL is not an https":       func(s *settings.Settings) { s.API = "api" },
		"TELEGRAM_API_URL is not an https addre": func(s *settings.Settings) { s.API = "http://192.0.2.1" },
		"TELEGRAM_API_URL is not an https a": func(
			s *settings.Settings) {
			s.API = "http://localhost.example.id:8081"
		},
		"SEND_RATE is not a number from 0":       func(s *settings.Settings) { s.Rate = -1 },
		"SEND_RATE is not a number":              func(s *settings.Settings) { s.Rate = math.NaN() },
		"SEND_RATE is above 30":                  func(s *settings.Settings) { s.Rate = 30.5 },
		"TZ_DEFAULT is not a time zone":          func(s *settings.Settings) { s.Zone = "WIB" },
		"TZ_DEFAULT is not a time zone: give":    func(s *settings.Settings) { s.Zone = "Local" },
		"LISTEN_ADDR is not an address":          func(s *settings.Settings) { s.Listen = "nonsense" },
		"LISTEN_ADDR is not an address with a p": func(s *settings.Settings) { s.Listen = "127.0.0.1:http!" },
		"PUBLIC_URL has more than an address": func(
			s *settings.Settings) {
			s.PublicURL = "https://bot.example.id/?a=1"
		},
		"PUBLIC_URL has more than an address in": func(
			s *settings.Settings) {
			s.PublicURL = "https://bot.example.id/#a"
		},
		"PUBLIC_URL is not an https address (p": func(s *settings.Settings) { s.PublicURL = "http://bot.example.id" },
	} {
		s := good
		spoil(&s)
		err := s.Need(all...)
		if err == nil || !strings.HasPrefix(err.Error(), name) || strings.Contains(err.Error(), "\n") {
			t.Errorf("want one line that begins with %q, got %v", name, err)
		}
	}
	for _, rate := range []float64{0, 30} {
		s := good
		if s.Rate = rate; s.Need(all...) != nil {
			t.Errorf("SEND_RATE=%v: %v", rate, s.Need(all...))
		}
	}
	paid := good
	paid.Rate, paid.Paid = 560, true
	if err := paid.Need(all...); err != nil {
		t.Errorf("paid: %v", err)
	}
	good.PublicURL, good.API = "http://127.0.0.1:8080", "http://[::1]:8081"
	if err := good.Need(all...); err != nil {
		t.Errorf("plain http on loopback: %v", err)
	}
}
