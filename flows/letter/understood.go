package letter

// AnnouncedLetter is the template of a question about an announcement.
const AnnouncedLetter = "announcement"
