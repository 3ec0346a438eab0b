import Crypto
import Foundation
import NIOSSL
import X509

/// A certificate for `localhost` that nobody vouches for, made anew for every run of a mail capture; its key never
/// leaves the process.
struct CaptureCertificate: Sendable {
    /// The certificate in PEM, for clients that are to trust it.
    let text: String
    let context: NIOSSLContext

    private static let validity: TimeInterval = 30 * 86_400

    init(now: Date = Date()) throws {
        let key = P256.Signing.PrivateKey()
        let name = try DistinguishedName { CommonName("localhost") }
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: .init(key.publicKey),
            // A client whose clock is a little late has to take it too.
            notValidBefore: now.addingTimeInterval(-3600), notValidAfter: now.addingTimeInterval(Self.validity),
            issuer: name, subject: name, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                SubjectAlternativeNames([.dnsName("localhost")])
            },
            issuerPrivateKey: .init(key))
        text = try certificate.serializeAsPEM().pemString + "\n"
        context = try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: [.certificate(NIOSSLCertificate(bytes: Array(text.utf8), format: .pem))],
                privateKey: .privateKey(NIOSSLPrivateKey(bytes: Array(key.pemRepresentation.utf8), format: .pem))))
    }
}
