// c2sp-verify checks a C2SP tlog-proof with the note and tlog packages of the Go checksum database,
// which share no code with the verifier under test.
package main

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const usage = "usage: c2sp-verify VKEYFILE LEAFFILE PROOFFILE"

// A proof is what a .tlog-proof file says, before any of it is believed.
type proof struct {
	index      int64
	hashes     tlog.RecordProof
	checkpoint []byte
}

func main() {
	result, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "c2sp-verify:", err)
		os.Exit(1)
	}
	fmt.Println(result)
}

// run verifies and says what it verified: origin, size and index.
func run(args []string) (string, error) {
	if len(args) != 3 {
		return "", errors.New(usage)
	}
	var files [3][]byte
	for i, name := range args {
		data, err := os.ReadFile(name)
		if err != nil {
			return "", err
		}
		files[i] = data
	}
	verifier, err := note.NewVerifier(strings.TrimSpace(string(files[0])))
	if err != nil {
		return "", fmt.Errorf("the verifier key cannot be used: %w", err)
	}
	p, err := parseProof(files[2])
	if err != nil {
		return "", fmt.Errorf("the proof cannot be read: %w", err)
	}
	signed, err := note.Open(p.checkpoint, note.VerifierList(verifier))
	if err != nil {
		return "", fmt.Errorf("the checkpoint's signature does not verify: %w", err)
	}
	origin, tree, err := parseCheckpoint(signed.Text)
	if err != nil {
		return "", fmt.Errorf("the checkpoint cannot be read: %w", err)
	}
	if origin != verifier.Name() {
		return "", fmt.Errorf("the checkpoint is of the log %q, the key of %q", origin, verifier.Name())
	}
	if err := tlog.CheckRecord(p.hashes, tree.N, tree.Hash, p.index, tlog.RecordHash(files[1])); err != nil {
		return "", fmt.Errorf("the entry is not proven to be in the log: %w", err)
	}
	return fmt.Sprintf("origin %s\nsize %d\nindex %d", origin, tree.N, p.index), nil
}

// parseProof reads c2sp.org/tlog-proof@v1: version, optional extra, index, hashes, empty line, checkpoint.
func parseProof(data []byte) (*proof, error) {
	header, checkpoint, found := bytes.Cut(data, []byte("\n\n"))
	lines := strings.Split(string(header), "\n")
	if !found || lines[0] != "c2sp.org/tlog-proof@v1" {
		return nil, errors.New("not a c2sp.org/tlog-proof@v1")
	}
	lines = lines[1:]
	if len(lines) > 0 && strings.HasPrefix(lines[0], "extra ") {
		lines = lines[1:]
	}
	if len(lines) == 0 || !strings.HasPrefix(lines[0], "index ") {
		return nil, errors.New("no index line")
	}
	index, err := parseDecimal(strings.TrimPrefix(lines[0], "index "))
	if err != nil {
		return nil, err
	}
	p := &proof{index: index, checkpoint: checkpoint}
	for _, line := range lines[1:] {
		hash, err := parseHash(line)
		if err != nil {
			return nil, err
		}
		p.hashes = append(p.hashes, hash)
	}
	return p, nil
}

// parseCheckpoint reads the note text of a C2SP tlog-checkpoint.
func parseCheckpoint(text string) (origin string, tree tlog.Tree, err error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 4 || lines[0] == "" {
		return "", tree, errors.New("fewer than three lines")
	}
	if tree.N, err = parseDecimal(lines[1]); err != nil {
		return "", tree, err
	}
	if tree.Hash, err = parseHash(lines[2]); err != nil {
		return "", tree, err
	}
	return lines[0], tree, nil
}

func parseDecimal(text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || strconv.FormatInt(n, 10) != text {
		return 0, fmt.Errorf("%q is no decimal number", text)
	}
	return n, nil
}

func parseHash(text string) (hash tlog.Hash, err error) {
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(data) != tlog.HashSize {
		return hash, fmt.Errorf("%q is no hash", text)
	}
	return tlog.Hash(data), nil
}
