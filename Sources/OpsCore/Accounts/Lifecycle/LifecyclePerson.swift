/// Somebody who does not exist: the account that a lifecycle test makes.
struct LifecyclePerson: Sendable {
    let userName: String
    let email: String
    let orcid: String
    let newPassword = PasswordPolicy.generate()

    init() {
        let letters = Array("abcdefghijkmnpqrstuvwxyz23456789")
        userName = "lifecycle-" + String((1...8).map { _ in letters.randomElement() ?? "a" })
        // Mail for this domain reaches nobody, should it ever leave.
        email = "\(userName)@example.org"
        orcid = "9999-" + (1...3).map { _ in String(Int.random(in: 1000...9999)) }.joined(separator: "-")
    }

    var registration: [String: String] {
        [
            "user_name": userName, "first_name": "Lifecycle", "family_name": "Test", "email": email, "orcid": orcid,
            "comment": "Made by a test of the account lifecycle.", "terms_agreed": "accepted",
        ]
    }
}
