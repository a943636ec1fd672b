// The keys of the token as Go's crypto.Signer: signatures of every scheme, a certificate request, TLS 1.2 and 1.3, many
// goroutines at once, and a new key pair. Signatures are left as files.
package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	_ "crypto/sha512"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"log"
	"net"
	"os"
	"sync"

	"github.com/ThalesIgnite/crypto11"
)

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func sign(signer crypto.Signer, document []byte, name string, hash crypto.Hash, options crypto.SignerOpts) {
	hasher := hash.New()
	hasher.Write(document)
	signature, err := signer.Sign(rand.Reader, hasher.Sum(nil), options)
	must(err)
	must(os.WriteFile(fmt.Sprintf("%s.sha%d.sig", name, hash.Size()*8), signature, 0o644))
}

func signAll(signer crypto.Signer, document []byte, label string) {
	for _, hash := range []crypto.Hash{crypto.SHA256, crypto.SHA384, crypto.SHA512} {
		if _, isRSA := signer.Public().(*rsa.PublicKey); isRSA {
			sign(signer, document, label+".pkcs1", hash, hash)
			pss := &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: hash}
			sign(signer, document, label+".pss", hash, pss)
		} else {
			sign(signer, document, label+".ecdsa", hash, hash)
		}
	}
}

func find(token *crypto11.Context, label string) crypto11.Signer {
	signer, err := token.FindKeyPair(nil, []byte(label))
	must(err)
	if signer == nil {
		log.Fatalf("no key %q", label)
	}
	return signer
}

func request(signer crypto.Signer, file string) {
	template := &x509.CertificateRequest{Subject: pkix.Name{CommonName: "localhost"}}
	der, err := x509.CreateCertificateRequest(rand.Reader, template, signer)
	must(err)
	must(os.WriteFile(file, der, 0o644))
}

func writePublicKey(key crypto.PublicKey, file string) {
	der, err := x509.MarshalPKIXPublicKey(key)
	must(err)
	must(os.WriteFile(file, der, 0o644))
}

// handshakes serves TLS with the token's keys to a client that trusts only the keys' certificates.
func handshakes(certificates []tls.Certificate, roots *x509.CertPool) {
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: certificates})
	must(err)
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go func(c net.Conn) {
				c.Write([]byte("sealed\n"))
				c.Close()
			}(connection)
		}
	}()
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		client := &tls.Config{RootCAs: roots, ServerName: "localhost", MinVersion: version, MaxVersion: version}
		connection, err := tls.Dial("tcp", listener.Addr().String(), client)
		must(err)
		answer := make([]byte, 6)
		_, err = connection.Read(answer)
		must(err)
		fmt.Printf("TLS %x with %T: %s\n", version, certificates[0].PrivateKey, answer)
		connection.Close()
	}
	listener.Close()
}

// crowd signs from many goroutines, on a pool of sessions.
func crowd(signer crypto.Signer, goroutines int) {
	digest := sha256.Sum256([]byte("crowd"))
	var group sync.WaitGroup
	for i := 0; i < goroutines; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			signature, err := signer.Sign(rand.Reader, digest[:], crypto.SHA256)
			must(err)
			if !ecdsa.VerifyASN1(signer.Public().(*ecdsa.PublicKey), digest[:], signature) {
				log.Fatal("a wrong signature")
			}
		}()
	}
	group.Wait()
}

func serverCertificate(file string, signer crypto.Signer) tls.Certificate {
	der, err := os.ReadFile(file)
	must(err)
	leaf, err := x509.ParseCertificate(der)
	must(err)
	return tls.Certificate{Certificate: [][]byte{der}, Leaf: leaf, PrivateKey: signer}
}

func main() {
	token, err := crypto11.Configure(&crypto11.Config{
		Path: os.Getenv("MODULE"), TokenLabel: "seal", Pin: os.Getenv("PIN"), MaxSessions: 10,
	})
	must(err)
	defer token.Close()
	labels := []string{"seal-rsa", "seal-rsa4096", "seal-ec"}
	if os.Args[1] == "tls" {
		root, err := os.ReadFile(os.Args[2])
		must(err)
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM(root)
		for _, label := range labels {
			handshakes([]tls.Certificate{serverCertificate("server-"+label+".der", find(token, label))}, roots)
		}
		return
	}

	document, err := os.ReadFile(os.Args[1])
	must(err)
	for _, label := range labels {
		signer := find(token, label)
		signAll(signer, document, label)
		request(signer, label+".csr.der")
	}
	crowd(find(token, "seal-ec"), 50)
	made, err := token.GenerateECDSAKeyPairWithLabel([]byte{0x41}, []byte("crypto11-ec"), elliptic.P256())
	must(err)
	writePublicKey(made.Public(), "crypto11-ec.pub.der")
	signAll(made, document, "crypto11-ec")
	must(made.Delete())
}
