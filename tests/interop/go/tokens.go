// Go's judgement of the tokens: go-jose, which the service's own example uses, reads them, and its own are read here.
//
// Usage: tokens MINT VERIFY COUNT SEED, where MINT is a program that reads an API key and a moment a line, with a tab between, and writes a
// token a line, and VERIFY one that reads a token as the third field, and writes `ok` and its moment, or what is wrong.
package main

import (
	"bytes"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"

	jose "gopkg.in/square/go-jose.v2"
)

// One key and one moment, and what they stand for in the claims.
type testCase struct {
	service, secret string
	moment          uint64
}

func (c testCase) claims() string {
	return fmt.Sprintf(`{"iss":"%s","iat":%d}`, c.service, c.moment)
}

func fail(format string, arguments ...interface{}) {
	fmt.Fprintf(os.Stderr, format+"\n", arguments...)
	os.Exit(1)
}

func uuid(random *rand.Rand) string {
	b := make([]byte, 16)
	random.Read(b)
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// ask runs a program on these lines and returns the lines that it answers.
func ask(program string, lines []string) []string {
	command := exec.Command(program)
	command.Stdin = strings.NewReader(strings.Join(lines, ""))
	command.Stderr = os.Stderr
	output, err := command.Output()
	if err != nil {
		fail("%s: %v", program, err)
	}
	answers := strings.Split(strings.TrimSuffix(string(output), "\n"), "\n")
	if len(answers) != len(lines) {
		fail("%s: %d answers to %d lines", program, len(answers), len(lines))
	}
	return answers
}

func main() {
	mint, verify := os.Args[1], os.Args[2]
	count, _ := strconv.Atoi(os.Args[3])
	seed, _ := strconv.ParseInt(os.Args[4], 10, 64)
	random := rand.New(rand.NewSource(seed))

	cases := make([]testCase, count)
	keys := make([]string, count)
	for i := range cases {
		cases[i] = testCase{uuid(random), uuid(random), random.Uint64() >> uint(random.Intn(64))}
		keys[i] = fmt.Sprintf("name-%s-%s\t%d\n", cases[i].service, cases[i].secret, cases[i].moment)
	}

	var lines []string
	for i, token := range ask(mint, keys) {
		read, err := jose.ParseSigned(token)
		if err != nil {
			fail("case %d of seed %d: go-jose does not read the token: %v", i, seed, err)
		}
		claims, err := read.Verify([]byte(cases[i].secret))
		if err != nil || !bytes.Equal(claims, []byte(cases[i].claims())) {
			fail("case %d of seed %d: go-jose reads %s: %v", i, seed, claims, err)
		}
		if _, err := read.Verify([]byte(cases[i].service)); err == nil {
			fail("case %d of seed %d: go-jose believes the token with another key", i, seed)
		}

		options := (&jose.SignerOptions{}).WithType("JWT")
		signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: []byte(cases[i].secret)}, options)
		if err != nil {
			fail("%v", err)
		}
		signed, err := signer.Sign([]byte(cases[i].claims()))
		if err != nil {
			fail("%v", err)
		}
		theirs, err := signed.CompactSerialize()
		if err != nil {
			fail("%v", err)
		}
		lines = append(lines, fmt.Sprintf("%s\t%s\n", strings.TrimSuffix(keys[i], "\n"), theirs))
	}
	for i, verdict := range ask(verify, lines) {
		if verdict != fmt.Sprintf("ok %d", cases[i].moment) {
			fail("case %d of seed %d: a token of go-jose's is not believed: %s", i, seed, verdict)
		}
	}
	fmt.Printf("%s, go-jose: %d tokens are read, and its own are believed (seed %d)\n", runtime.Version(), count, seed)
}
