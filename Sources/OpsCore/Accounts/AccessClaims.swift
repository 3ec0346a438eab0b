import Foundation

/// What an access token says of its owner.
public struct AccessClaims: ExpiringClaims, Equatable {
    public var userID: Int
    public var userName: String
    public var email: String?
    public var userRole: Role
    /// When the account was made, as the database writes it.
    public var userCreated: String?
    public var abbreviation: String?
    public var orcid: String?
    /// The account's session epoch when the token was made; a raised one ends the session at its next refresh.
    public var sepoch: Int
    /// Seconds since 1970, possibly with a fraction.
    public var iat: Double
    /// Seconds since 1970, possibly with a fraction.
    public var exp: Double

    enum CodingKeys: String, CodingKey {
        case userID = "user_id"
        case userName = "user_name"
        case email
        case userRole = "user_role"
        case userCreated = "user_created"
        case abbreviation, orcid, sepoch, iat, exp
    }

    init(
        userID: Int, userName: String, email: String? = nil, userRole: Role, userCreated: String? = nil,
        abbreviation: String? = nil, orcid: String? = nil, sepoch: Int = 0, iat: Double, exp: Double
    ) {
        self.userID = userID
        self.userName = userName
        self.email = email
        self.userRole = userRole
        self.userCreated = userCreated
        self.abbreviation = abbreviation
        self.orcid = orcid
        self.sepoch = sepoch
        self.iat = iat
        self.exp = exp
    }

    /// Tokens of the application itself are read as well: it writes the creation time as text or as a number, and what it
    /// does not know as null. A token without a role is none for access, whoever signed it.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        userID = try values.decode(Int.self, forKey: .userID)
        userName = try values.decode(String.self, forKey: .userName)
        email = try values.decodeIfPresent(String.self, forKey: .email)
        userRole = try values.decode(Role.self, forKey: .userRole)
        userCreated =
            (try? values.decodeIfPresent(String.self, forKey: .userCreated))
            ?? (try? values.decodeIfPresent(Double.self, forKey: .userCreated)).flatMap { $0.map { String($0) } }
        abbreviation = try values.decodeIfPresent(String.self, forKey: .abbreviation)
        orcid = try values.decodeIfPresent(String.self, forKey: .orcid)
        sepoch = try values.decodeIfPresent(Int.self, forKey: .sepoch) ?? 0
        iat = try values.decode(Double.self, forKey: .iat)
        exp = try values.decode(Double.self, forKey: .exp)
    }
}
