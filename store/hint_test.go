package store_test

import (
	"testing"

	"pendamping/store"
)

func TestHint(t *testing.T) {
	for _, c := range []struct {
		name, mime string
		want       store.Hint
	}{
		{"nota.pdf", "application/pdf", store.HintPDF},
		{"nota.pdf", "application/octet-stream", store.HintPDF},
		{"nota.pdf", "", store.HintPDF},
		{"NOTA.PDF", "binary/octet-stream", store.HintPDF},
		{"nota", "application/pdf", store.HintPDF},
		{"nota", "application/x-pdf", store.HintPDF},
		{"nota.jpg", "image/jpeg", store.HintPicture},
		{"nota.JPEG", "application/octet-stream", store.HintPicture},
		{"nota.jpg", "", store.HintPicture},
		{"nota.jpg", "text/plain", store.HintPicture},
		{"nota", "image/jpeg", store.HintPicture},
		{"nota", "IMAGE/JPEG; charset=binary", store.HintPicture},
		{"IMG_0412.HEIC", "", store.HintPicture},
		{"IMG_0412.HEIC", "application/octet-stream", store.HintPicture},
		{"IMG_0412", "image/heif", store.HintPicture},
		{"nota", "", store.HintNone},
		{"", "", store.HintNone},
		{"nota", "application/octet-stream", store.HintNone},
		{"nota 12.11.2026", "application/octet-stream", store.HintNone},
		{"nota.dat", "application/octet-stream", store.HintNone},
		{"logo.svg", "image/svg+xml", store.HintUnfit},
		{"logo.svg", "", store.HintUnfit},
		{"spanduk.psd", "image/vnd.adobe.photoshop", store.HintUnfit},
		{"spanduk.psd", "image/x-photoshop", store.HintUnfit},
		{"spanduk", "image/vnd.adobe.photoshop", store.HintUnfit},
		{"spanduk.cdr", "application/octet-stream", store.HintUnfit},
		{"lagu.mp3", "audio/mpeg", store.HintUnfit},
		{"gerak.mp4", "video/mp4", store.HintUnfit},
		{"gerak.mp4", "application/octet-stream", store.HintUnfit},
		{"undangan.apk", "application/vnd.android.package-archive", store.HintUnfit},
		{"undangan.apk", "application/octet-stream", store.HintUnfit},
		{"undangan.apk", "", store.HintUnfit},
		{"foto.jpg.apk", "", store.HintUnfit},
		{"daftar.xlsx", "application/vnd.ms-excel", store.HintUnfit},
		{"daftar", "text/csv", store.HintUnfit},
	} {
		if got := (store.File{Name: c.name, MIME: c.mime}).Hint(); got != c.want {
			t.Errorf("%q, %q: %d, want %d", c.name, c.mime, got, c.want)
		}
	}
}
