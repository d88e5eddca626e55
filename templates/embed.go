// Package templates holds the words of the mails, one file a mail and language;
// README.md beside it says how they are written.
package templates

import "embed"

// Files are the built-in templates. A folder named by `templates:` in the
// configuration replaces them file by file.
//
//go:embed nl/*.txt en/*.txt
var Files embed.FS
