extension Migration {
    /// What an organisation's visitors see of it.
    ///
    /// The logo has a table of its own: all organisations are read at start, and few need their logo then.
    static let organizationProfiles = Migration(
        number: 24, name: "organization_profiles",
        sql: """
            ALTER TABLE organizations ADD COLUMN accent_color TEXT CHECK (length(accent_color) = 7);
            ALTER TABLE organizations ADD COLUMN contact_email TEXT CHECK (length(contact_email) <= 255);
            ALTER TABLE organizations ADD COLUMN contact_phone TEXT CHECK (length(contact_phone) <= 20);
            ALTER TABLE organizations ADD COLUMN website TEXT CHECK (length(website) <= 200);
            ALTER TABLE organizations ADD COLUMN updated_at INTEGER NOT NULL DEFAULT 0;
            UPDATE organizations SET updated_at = created_at;

            CREATE TABLE organization_logos (
                orq INTEGER PRIMARY KEY REFERENCES organizations (id) ON DELETE CASCADE,
                picture BLOB NOT NULL CHECK (length(picture) BETWEEN 1 AND 65536)
            ) STRICT;
            """)
}
