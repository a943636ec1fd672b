// Signs a file with the keys of the token and every scheme, makes a key pair, and leaves the signatures as files.
package main

import (
	"crypto"
	_ "crypto/sha256"
	_ "crypto/sha512"
	"encoding/asn1"
	"fmt"
	"log"
	"math/big"
	"os"

	"github.com/miekg/pkcs11"
)

type hash struct {
	name           string
	digest         crypto.Hash
	mechanism, mgf uint
	rsa, pss       uint
}

var hashes = []hash{
	{"sha256", crypto.SHA256, pkcs11.CKM_SHA256, pkcs11.CKG_MGF1_SHA256, pkcs11.CKM_SHA256_RSA_PKCS, pkcs11.CKM_SHA256_RSA_PKCS_PSS},
	{"sha384", crypto.SHA384, pkcs11.CKM_SHA384, pkcs11.CKG_MGF1_SHA384, pkcs11.CKM_SHA384_RSA_PKCS, pkcs11.CKM_SHA384_RSA_PKCS_PSS},
	{"sha512", crypto.SHA512, pkcs11.CKM_SHA512, pkcs11.CKG_MGF1_SHA512, pkcs11.CKM_SHA512_RSA_PKCS, pkcs11.CKM_SHA512_RSA_PKCS_PSS},
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

type token struct {
	*pkcs11.Ctx
	session pkcs11.SessionHandle
}

func openToken(module, label, pin string) token {
	p := pkcs11.New(module)
	if p == nil {
		log.Fatalf("%s cannot be loaded", module)
	}
	must(p.Initialize())
	slots, err := p.GetSlotList(true)
	must(err)
	for _, slot := range slots {
		info, err := p.GetTokenInfo(slot)
		must(err)
		if info.Label != label {
			continue
		}
		session, err := p.OpenSession(slot, pkcs11.CKF_SERIAL_SESSION|pkcs11.CKF_RW_SESSION)
		must(err)
		must(p.Login(session, pkcs11.CKU_USER, pin))
		return token{p, session}
	}
	log.Fatalf("no token %q", label)
	return token{}
}

func (t token) find(class uint, label string) []pkcs11.ObjectHandle {
	must(t.FindObjectsInit(t.session, []*pkcs11.Attribute{
		pkcs11.NewAttribute(pkcs11.CKA_CLASS, class),
		pkcs11.NewAttribute(pkcs11.CKA_LABEL, label),
	}))
	found, _, err := t.FindObjects(t.session, 10)
	must(err)
	must(t.FindObjectsFinal(t.session))
	return found
}

func (t token) signWith(mechanism uint, parameter interface{}, key pkcs11.ObjectHandle, data []byte) []byte {
	must(t.SignInit(t.session, []*pkcs11.Mechanism{pkcs11.NewMechanism(mechanism, parameter)}, key))
	signature, err := t.Sign(t.session, data)
	must(err)
	return signature
}

func save(name string, signature []byte) { must(os.WriteFile(name+".sig", signature, 0o644)) }

func (t token) signRSA(label string, document []byte) {
	key := t.find(pkcs11.CKO_PRIVATE_KEY, label)[0]
	for _, h := range hashes {
		save(label+".pkcs1."+h.name, t.signWith(h.rsa, nil, key, document))
		parameter := pkcs11.NewPSSParams(h.mechanism, h.mgf, uint(h.digest.Size()))
		save(label+".pss."+h.name, t.signWith(h.pss, parameter, key, document))
	}
}

func (t token) signEC(label string, document []byte) {
	key := t.find(pkcs11.CKO_PRIVATE_KEY, label)[0]
	for _, h := range hashes {
		hasher := h.digest.New()
		hasher.Write(document)
		raw := t.signWith(pkcs11.CKM_ECDSA, nil, key, hasher.Sum(nil))
		half := len(raw) / 2
		der, err := asn1.Marshal(struct{ R, S *big.Int }{
			new(big.Int).SetBytes(raw[:half]), new(big.Int).SetBytes(raw[half:]),
		})
		must(err)
		save(label+".ecdsa."+h.name, der)
	}
}

// makeRSA leaves the public half as PKCS #1 DER.
func (t token) makeRSA(label string, id byte) {
	public := []*pkcs11.Attribute{
		pkcs11.NewAttribute(pkcs11.CKA_TOKEN, true),
		pkcs11.NewAttribute(pkcs11.CKA_VERIFY, true),
		pkcs11.NewAttribute(pkcs11.CKA_PUBLIC_EXPONENT, []byte{1, 0, 1}),
		pkcs11.NewAttribute(pkcs11.CKA_MODULUS_BITS, 2048),
		pkcs11.NewAttribute(pkcs11.CKA_LABEL, label),
		pkcs11.NewAttribute(pkcs11.CKA_ID, []byte{id}),
	}
	private := []*pkcs11.Attribute{
		pkcs11.NewAttribute(pkcs11.CKA_TOKEN, true),
		pkcs11.NewAttribute(pkcs11.CKA_SIGN, true),
		pkcs11.NewAttribute(pkcs11.CKA_LABEL, label),
		pkcs11.NewAttribute(pkcs11.CKA_ID, []byte{id}),
		pkcs11.NewAttribute(pkcs11.CKA_SENSITIVE, true),
		pkcs11.NewAttribute(pkcs11.CKA_EXTRACTABLE, false),
	}
	generate := []*pkcs11.Mechanism{pkcs11.NewMechanism(pkcs11.CKM_RSA_PKCS_KEY_PAIR_GEN, nil)}
	handle, _, err := t.GenerateKeyPair(t.session, generate, public, private)
	must(err)
	values, err := t.GetAttributeValue(t.session, handle, []*pkcs11.Attribute{
		pkcs11.NewAttribute(pkcs11.CKA_MODULUS, nil), pkcs11.NewAttribute(pkcs11.CKA_PUBLIC_EXPONENT, nil),
	})
	must(err)
	der, err := asn1.Marshal(struct{ N, E *big.Int }{
		new(big.Int).SetBytes(values[0].Value), new(big.Int).SetBytes(values[1].Value),
	})
	must(err)
	must(os.WriteFile(label+".pub.der", der, 0o644))
}

func main() {
	document, err := os.ReadFile(os.Args[1])
	must(err)
	t := openToken(os.Getenv("MODULE"), "seal", os.Getenv("PIN"))
	t.signRSA("seal-rsa", document)
	t.signRSA("seal-rsa4096", document)
	t.signEC("seal-ec", document)
	t.makeRSA("go-rsa", 0x31)
	t.signRSA("go-rsa", document)
	must(t.DestroyObject(t.session, t.find(pkcs11.CKO_PRIVATE_KEY, "go-rsa")[0]))
	if len(t.find(pkcs11.CKO_PUBLIC_KEY, "go-rsa")) != 0 {
		log.Fatal("the deleted key is still there")
	}
	must(t.Logout(t.session))
	must(t.CloseSession(t.session))
	must(t.Finalize())
	t.Destroy()
	fmt.Println("signed with go-pkcs11")
}
