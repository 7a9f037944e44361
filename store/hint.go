package store

import (
	"path"
	"strings"
)

// Hint is what a file's name and MIME type tell of it. Either may be missing or wrong, so that only the bytes prove
// what the file is.
type Hint int

// The hints.
const (
	HintNone    Hint = iota // neither tells: the bytes will
	HintPicture             // a picture of a paper
	HintPDF
	HintUnfit // what shows no paper: a video, a program, a table, a drawing
)

// hintsOfType are the MIME types of what may show a paper, without "application/" and "image/".
var hintsOfType = map[string]Hint{
	"": HintNone, "octet-stream": HintNone, "binary": HintNone, "unknown": HintNone, "x-unknown": HintNone,
	"force-download": HintNone, "pdf": HintPDF, "x-pdf": HintPDF,
	"jpeg": HintPicture, "jpg": HintPicture, "pjpeg": HintPicture, "png": HintPicture, "x-png": HintPicture,
	"heic": HintPicture, "heif": HintPicture, "heic-sequence": HintPicture, "heif-sequence": HintPicture,
	"webp": HintPicture, "gif": HintPicture, "bmp": HintPicture, "x-ms-bmp": HintPicture, "tiff": HintPicture,
	"avif": HintPicture,
}

// hintsOfEnding are the endings of names. One that is missing here, such as the year in "nota 12.11.2026", tells
// nothing.
var hintsOfEnding = endings(map[Hint]string{
	HintPicture: "jpg jpeg jpe jfif png heic heif webp gif bmp tif tiff avif",
	HintPDF:     "pdf",
	HintUnfit: `svg psd psb ai eps cdr xcf dwg dxf mp4 m4v mov avi mkv 3gp webm mpg mpeg wmv mp3 m4a ogg oga opus wav
		aac amr flac mid apk apks xapk aab exe msi bat cmd com sh js jar dmg iso bin deb ipa zip rar 7z gz tar tgz doc
		docx docm dot dotx xls xlsx xlsm xlsb ppt pptx odt ods odp rtf txt csv tsv htm html mht xml json md log ics vcf
		eml msg epub db sqlite crypt14 crypt15 ttf otf tgs lnk url torrent`,
})

func endings(of map[Hint]string) map[string]Hint {
	hints := map[string]Hint{}
	for hint, list := range of {
		for ending := range strings.FieldsSeq(list) {
			hints["."+ending] = hint
		}
	}
	return hints
}

// Hint returns what the file's name and MIME type tell of it. What may show a paper by either of them is not refused
// for the other.
func (f File) Hint() Hint {
	mime, _, _ := strings.Cut(strings.ToLower(f.MIME), ";")
	mime = strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(mime), "image/"), "application/")
	byType, known := hintsOfType[mime]
	if !known {
		byType = HintUnfit
	}
	byName := hintsOfEnding[strings.ToLower(path.Ext(f.Name))]
	for _, hint := range []Hint{HintPicture, HintPDF, HintUnfit} {
		if byType == hint || byName == hint {
			return hint
		}
	}
	return HintNone
}
