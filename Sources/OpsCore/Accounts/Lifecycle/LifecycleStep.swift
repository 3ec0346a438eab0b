/// The steps of a lifecycle test, in their order.
public enum LifecycleStep: String, Sendable, Codable, CaseIterable {
    /// The API answers, and the token is an Administrator's.
    case api
    /// The mail capture answers.
    case mailbox
    case signUp = "sign_up"
    case registrationMail = "registration_mail"
    case approval
    case approvalMail = "approval_mail"
    case signIn = "sign_in"
    case resetRequest = "reset_request"
    case resetMail = "reset_mail"
    case resetChange = "reset_change"
    /// The link that was used does not work again.
    case usedLink = "used_link"
    /// The old password does not work any more.
    case oldPassword = "old_password"
    case newPassword = "new_password"
    /// The account and its mails are removed. Done whatever happened before.
    case cleanUp = "clean_up"
}
