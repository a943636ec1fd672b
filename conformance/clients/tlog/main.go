// Checks Merkle trees and proofs of ours with golang.org/x/mod/sumdb, which the Go project's checksum database uses.
//
//	tlog                  the lines of merkle_samples; prints how many of each kind hold, fails at the first that does not
//	tlog proof VERIFIER   a proof of inclusion (C2SP tlog-proof) by the log with that verifier key; prints its extra data
package main

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

func fail(line string, why error) {
	fmt.Fprintf(os.Stderr, "%v: %s\n", why, line)
	os.Exit(1)
}

func number(text string) int64 {
	value, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		panic(err)
	}
	return value
}

func hash(text string) (hash tlog.Hash) {
	octets, err := hex.DecodeString(text)
	if err != nil || len(octets) != len(hash) {
		panic("no hash: " + text)
	}
	copy(hash[:], octets)
	return hash
}

func hashes(texts []string) (all []tlog.Hash) {
	for _, text := range texts {
		all = append(all, hash(text))
	}
	return all
}

// The same tree, kept as tlog keeps it.
type storage struct{ nodes []tlog.Hash }

func (s *storage) ReadHashes(indexes []int64) (all []tlog.Hash, err error) {
	for _, index := range indexes {
		all = append(all, s.nodes[index])
	}
	return all, nil
}

func (s *storage) add(n int64, entry string) error {
	nodes, err := tlog.StoredHashes(n, []byte(entry), s)
	s.nodes = append(s.nodes, nodes...)
	return err
}

// tlog names the height of tiles first.
func sameTile(path string) error {
	tile, err := tlog.ParseTilePath("tile/8/" + strings.TrimPrefix(path, "tile/"))
	if err != nil {
		return err
	}
	if got := strings.Replace(tile.Path(), "tile/8/", "tile/", 1); got != path {
		return fmt.Errorf("the tile is %s", got)
	}
	return nil
}

func main() {
	if len(os.Args) == 3 && os.Args[1] == "proof" {
		if err := checkProof(os.Args[2]); err != nil {
			fail("the proof", err)
		}
		return
	}
	checkSamples()
}

func checkSamples() {
	tree := &storage{}
	roots := map[int64]tlog.Hash{}
	count := map[string]int{}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		var err error
		switch words[0] {
		case "entry": // number, text
			err = tree.add(number(words[1]), words[2])
		case "root": // size, hash
			size := number(words[1])
			roots[size] = hash(words[2])
			expected, failure := tlog.TreeHash(size, tree)
			if err = failure; err == nil && expected != roots[size] {
				err = fmt.Errorf("the root is %x", expected[:])
			}
		case "inclusion": // index, size, leaf, proof
			index, size := number(words[1]), number(words[2])
			err = tlog.CheckRecord(hashes(words[4:]), size, roots[size], index, hash(words[3]))
		case "consistency": // first, second, proof
			first, second := number(words[1]), number(words[2])
			err = tlog.CheckTree(hashes(words[3:]), second, roots[second], first, roots[first])
		case "tile": // path
			err = sameTile(words[1])
		default:
			err = fmt.Errorf("unknown")
		}
		if err != nil {
			fail(lines.Text(), err)
		}
		count[words[0]]++
	}
	if lines.Err() != nil {
		fail("", lines.Err())
	}
	for _, kind := range []string{"entry", "root", "inclusion", "consistency", "tile"} {
		fmt.Println(kind, count[kind])
	}
}
