// Package templates holds the texts of the mails: one file a mail and language,
// from which both the plain text and the HTML are made. How they are written is
// told in shared.txt and in package letter.
package templates

import "embed"

// FS holds the files, by language: nl/notice.txt.
//
//go:embed nl/*.txt
var FS embed.FS
