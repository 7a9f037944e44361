// Package dialog is one turn of a conversation: the Turn with its session, who speaks and what they may do, and the
// small words that all rooms say. It knows no flow by name.
package dialog
