/// OpenSSL's verdicts on a chain of certificates (`X509_V_ERR_…` in x509_vfy.h).
enum CertificateProblem {
    /// nil for a good chain.
    static func text(_ verifyResult: Int) -> String? {
        switch verifyResult {
        case 0: nil
        case 2, 20, 21: "its issuer is not known here"
        case 9: "it is not valid yet"
        case 10: "it has expired"
        case 18: "it is self-signed"
        case 19: "its chain ends in an authority that is not trusted"
        case 23: "it was revoked"
        case 26: "it is not meant for servers"
        case 62: "it is for another host"
        case 66, 67: "its key is too short"
        default: "OpenSSL refuses it with verdict \(verifyResult)"
        }
    }
}
