package flows

import (
	"slices"

	"pendamping/flows/dialog"
	"pendamping/store"
)

// menu finds the flow whose words on the home keyboard were typed; a keyboard may still be in the language before.
func menu(t *dialog.Turn, text string) (dialog.Flow, bool) {
	if t.Setting.Words == nil {
		return dialog.Flow{}, false
	}
	return t.Find(func(f dialog.Flow) bool {
		return (f.Command != "" || f.Name == "lainnya") && slices.ContainsFunc(dialog.Spoken, func(language string) bool {
			return dialog.BareWords(t.Setting.Words(language, store.Say("menu."+f.Name))) == dialog.BareWords(text)
		})
	})
}
