import Foundation

/// One mail about an account, before it is addressed and sent.
struct AccountMail: Codable, Sendable, Equatable {
    /// What it is about; stands in the outbox in clear text.
    enum Kind: String, Codable, Sendable {
        case registration, approval
        case passwordReset = "password_reset"
    }

    let kind: Kind
    let to: String
    var bcc: String?
    let subject: String
    let text: String

    static func registration(_ registration: Registration.Checked, curator: String?) -> AccountMail {
        AccountMail(
            kind: .registration, to: registration.email, bcc: curator,
            subject: "Your registration request to SysNDD.org",
            text: """
                Your registration request for sysndd.org has been sent to the curators, who will review it soon.

                Information provided:
                User name: \(registration.userName)
                Name: \(registration.firstName) \(registration.familyName)
                E-mail: \(registration.email)
                ORCID: \(registration.orcid)
                Comment: \(registration.comment)
                """)
    }

    /// Goes to the account's owner and to nobody else: it holds the password.
    static func approval(to address: String, userName: String, password: Secret) -> AccountMail {
        AccountMail(
            kind: .approval, to: address, subject: "Your account for SysNDD.org was approved",
            text: """
                Your registration for sysndd.org has been approved by a curator.

                User name: \(userName)
                Password (please change it after the first sign-in): \(password.exposed)
                """)
    }

    /// Goes to the account's owner and to nobody else: whoever has the link has the account.
    static func passwordReset(to address: String, link: String, lifetime: Duration) -> AccountMail {
        AccountMail(
            kind: .passwordReset, to: address, subject: "Your password reset request for SysNDD.org",
            text: """
                We received a password reset request for your account at sysndd.org.

                Use this link within \(Int(lifetime.inSeconds / 60)) minutes, once:
                \(link)

                If you did not ask for it, nothing needs to be done.
                """)
    }
}
