package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func base64Hash(text string) (hash tlog.Hash, err error) {
	octets, err := base64.StdEncoding.DecodeString(text)
	if err == nil && len(octets) != len(hash) {
		err = fmt.Errorf("a hash of %d octets", len(octets))
	}
	copy(hash[:], octets)
	return hash, err
}

// The size and the root that the log has signed.
func openCheckpoint(verifierKey, text string) (size int64, root tlog.Hash, err error) {
	verifier, err := note.NewVerifier(verifierKey)
	if err != nil {
		return 0, root, err
	}
	opened, err := note.Open([]byte(text), note.VerifierList(verifier))
	if err != nil {
		return 0, root, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		return 0, root, fmt.Errorf("no checkpoint of %s: %q", verifier.Name(), opened.Text)
	}
	root, err = base64Hash(lines[2])
	return number(lines[1]), root, err
}

// Reads the proof from standard input.
func checkProof(verifierKey string) error {
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	head, checkpoint, found := strings.Cut(string(text), "\n\n")
	lines := strings.Split(head, "\n")
	if !found || len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" ||
		!strings.HasPrefix(lines[1], "extra ") || !strings.HasPrefix(lines[2], "index ") {
		return fmt.Errorf("no such proof: %q", text)
	}
	size, root, err := openCheckpoint(verifierKey, checkpoint)
	if err != nil {
		return err
	}
	var proof tlog.RecordProof
	for _, line := range lines[3:] {
		hash, err := base64Hash(line)
		if err != nil {
			return err
		}
		proof = append(proof, hash)
	}
	extra, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra "))
	if err != nil {
		return err
	}
	var event struct{ Entry string }
	if err := json.Unmarshal(extra, &event); err != nil {
		return err
	}
	index := number(strings.TrimPrefix(lines[2], "index "))
	if err := tlog.CheckRecord(proof, size, root, index, tlog.RecordHash([]byte(event.Entry))); err != nil {
		return err
	}
	fmt.Println(string(extra))
	return nil
}
