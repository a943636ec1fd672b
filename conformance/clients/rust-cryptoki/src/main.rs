//! Signs a file with the keys of the token and every scheme, by three threads at once as well, makes a key pair, and
//! leaves the signatures as files.

use cryptoki::context::{CInitializeArgs, Pkcs11};
use cryptoki::mechanism::rsa::{PkcsMgfType, PkcsPssParams};
use cryptoki::mechanism::{Mechanism, MechanismType};
use cryptoki::object::{Attribute, AttributeType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::Slot;
use cryptoki::types::AuthPin;
use std::error::Error;
use std::{env, fs, thread};

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

fn pss(hash_alg: MechanismType, mgf: PkcsMgfType, salt: u64) -> Outcome<PkcsPssParams> {
    Ok(PkcsPssParams { hash_alg, mgf, s_len: salt.try_into()? })
}

fn rsa_mechanisms() -> Outcome<Vec<(&'static str, Mechanism<'static>)>> {
    let sha256 = pss(MechanismType::SHA256, PkcsMgfType::MGF1_SHA256, 32)?;
    let sha384 = pss(MechanismType::SHA384, PkcsMgfType::MGF1_SHA384, 48)?;
    let sha512 = pss(MechanismType::SHA512, PkcsMgfType::MGF1_SHA512, 64)?;
    Ok(vec![
        ("pkcs1.sha256", Mechanism::Sha256RsaPkcs),
        ("pkcs1.sha384", Mechanism::Sha384RsaPkcs),
        ("pkcs1.sha512", Mechanism::Sha512RsaPkcs),
        ("pss.sha256", Mechanism::Sha256RsaPkcsPss(sha256)),
        ("pss.sha384", Mechanism::Sha384RsaPkcsPss(sha384)),
        ("pss.sha512", Mechanism::Sha512RsaPkcsPss(sha512)),
    ])
}

fn ec_mechanisms() -> Vec<(&'static str, Mechanism<'static>)> {
    vec![
        ("ecdsa.sha256", Mechanism::EcdsaSha256),
        ("ecdsa.sha384", Mechanism::EcdsaSha384),
        ("ecdsa.sha512", Mechanism::EcdsaSha512),
    ]
}

fn der_integer(bytes: &[u8]) -> Vec<u8> {
    let start = bytes.iter().position(|b| *b != 0).unwrap_or(bytes.len() - 1);
    let mut body = bytes[start..].to_vec();
    if body[0] & 0x80 != 0 {
        body.insert(0, 0);
    }
    let mut der = vec![2, body.len() as u8];
    der.append(&mut body);
    der
}

/// ECDSA signatures are r‖s in PKCS #11, two DER integers for OpenSSL.
fn der_ecdsa(raw: &[u8]) -> Vec<u8> {
    let (r, s) = raw.split_at(raw.len() / 2);
    let body = [der_integer(r), der_integer(s)].concat();
    [vec![0x30, body.len() as u8], body].concat()
}

fn find(session: &Session, class: ObjectClass, label: &str) -> Outcome<Vec<ObjectHandle>> {
    let template = [Attribute::Class(class), Attribute::Label(label.into())];
    Ok(session.find_objects(&template)?)
}

fn one(session: &Session, class: ObjectClass, label: &str) -> Outcome<ObjectHandle> {
    let found = find(session, class, label)?;
    found.first().copied().ok_or_else(|| format!("no object {label}").into())
}

fn sign_rsa(session: &Session, label: &str, document: &[u8]) -> Outcome<()> {
    let key = one(session, ObjectClass::PRIVATE_KEY, label)?;
    for (name, mechanism) in rsa_mechanisms()? {
        session.sign_init(&mechanism, key)?;
        for piece in document.chunks(1000) {
            session.sign_update(piece)?;
        }
        fs::write(format!("{label}.{name}.sig"), session.sign_final()?)?;
    }
    Ok(())
}

fn sign_ec(session: &Session, label: &str, document: &[u8]) -> Outcome<()> {
    let key = one(session, ObjectClass::PRIVATE_KEY, label)?;
    for (name, mechanism) in ec_mechanisms() {
        let raw = session.sign(&mechanism, key, document)?;
        fs::write(format!("{label}.{name}.sig"), der_ecdsa(&raw))?;
    }
    Ok(())
}

fn make_rsa(session: &Session, label: &str) -> Outcome<ObjectHandle> {
    let public = [
        Attribute::Token(true),
        Attribute::Private(false),
        Attribute::Verify(true),
        Attribute::PublicExponent(vec![1, 0, 1]),
        Attribute::ModulusBits(2048.into()),
        Attribute::Label(label.into()),
        Attribute::Id(vec![0x71]),
    ];
    let private = [
        Attribute::Token(true),
        Attribute::Private(true),
        Attribute::Sensitive(true),
        Attribute::Sign(true),
        Attribute::Label(label.into()),
        Attribute::Id(vec![0x71]),
    ];
    let (_, key) = session.generate_key_pair(&Mechanism::RsaPkcsKeyPairGen, &public, &private)?;
    Ok(key)
}

fn save_certificate(session: &Session, label: &str) -> Outcome<()> {
    let certificate = one(session, ObjectClass::CERTIFICATE, label)?;
    for attribute in session.get_attributes(certificate, &[AttributeType::Value])? {
        if let Attribute::Value(der) = attribute {
            fs::write(format!("{label}.again.der"), der)?;
        }
    }
    Ok(())
}

fn crowd(pkcs11: &Pkcs11, slot: Slot, document: &[u8]) -> Outcome<()> {
    thread::scope(|scope| {
        let threads: Vec<_> = (0..3)
            .map(|_| {
                scope.spawn(|| -> Outcome<()> {
                    let session = pkcs11.open_ro_session(slot)?;
                    let key = one(&session, ObjectClass::PRIVATE_KEY, "seal-ec")?;
                    let public = one(&session, ObjectClass::PUBLIC_KEY, "seal-ec")?;
                    for _ in 0..10 {
                        let signature = session.sign(&Mechanism::EcdsaSha256, key, document)?;
                        session.verify(&Mechanism::EcdsaSha256, public, document, &signature)?;
                    }
                    Ok(())
                })
            })
            .collect();
        threads.into_iter().try_for_each(|t| t.join().map_err(|_| "a thread has died")?)
    })
}

fn main() -> Outcome<()> {
    let document = fs::read(env::args().nth(1).ok_or("name a document")?)?;
    let pkcs11 = Pkcs11::new(env::var("MODULE")?)?;
    pkcs11.initialize(CInitializeArgs::OsThreads)?;
    let slots = pkcs11.get_slots_with_token()?;
    let is_seal = |slot: &&Slot| pkcs11.get_token_info(**slot).map(|i| i.label() == "seal").unwrap_or(false);
    let slot = *slots.iter().find(is_seal).ok_or("no token \"seal\"")?;
    let session = pkcs11.open_rw_session(slot)?;
    session.login(UserType::User, Some(&AuthPin::new(env::var("PIN")?)))?;

    sign_rsa(&session, "seal-rsa", &document)?;
    sign_rsa(&session, "seal-rsa4096", &document)?;
    sign_ec(&session, "seal-ec", &document)?;
    save_certificate(&session, "seal-rsa")?;
    save_certificate(&session, "seal-ec")?;
    crowd(&pkcs11, slot, &document)?;

    let made = make_rsa(&session, "rust-rsa")?;
    let public = one(&session, ObjectClass::PUBLIC_KEY, "rust-rsa")?;
    let signature = session.sign(&Mechanism::Sha256RsaPkcs, made, &document)?;
    session.verify(&Mechanism::Sha256RsaPkcs, public, &document, &signature)?;
    session.destroy_object(made)?;
    if !find(&session, ObjectClass::PUBLIC_KEY, "rust-rsa")?.is_empty() {
        return Err("the deleted key is still there".into());
    }
    session.logout()?;
    Ok(())
}
