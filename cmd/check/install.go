package main

import (
	"context"
	"os"
	"os/exec"
	"strings"
)

// install installs packages of the distribution, where that can be done without asking anybody.
func install(ctx context.Context, packages ...string) {
	if _, err := exec.LookPath("apt-get"); err != nil || os.Geteuid() != 0 {
		return
	}
	say("installing the distribution's %s …", strings.Join(packages, ", "))
	for _, args := range [][]string{
		{"update", "-q"}, append([]string{"install", "-q", "-y", "--no-install-recommends"}, packages...),
	} {
		apt := command(ctx, []string{"DEBIAN_FRONTEND=noninteractive"}, "apt-get", args...)
		apt.Stdout = nil
		if err := apt.Run(); err != nil {
			say("apt-get %s: %v", args[0], err)
		}
	}
}

// readers sees to it that tests find the programs that look at what was printed, where they can be had. Without one its
// tests are skipped.
func readers(ctx context.Context) error {
	var packages, programs []string
	lacks := func(program, name string) {
		if _, err := exec.LookPath(program); err != nil {
			packages, programs = append(packages, name), append(programs, program)
		}
	}
	lacks("qpdf", "qpdf")
	lacks("pdftotext", "poppler-utils")
	lacks("soffice", "libreoffice-calc")
	if len(packages) == 0 {
		return nil
	}
	install(ctx, packages...)
	for i, program := range programs {
		if _, err := exec.LookPath(program); err != nil {
			say("no %s: tests that read what was printed with it are skipped; install %s to have them",
				program, packages[i])
		}
	}
	return ctx.Err()
}
