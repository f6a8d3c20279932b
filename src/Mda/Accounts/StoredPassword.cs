namespace MailSuite.Mda.Accounts;

/// <summary>What is kept of a password.</summary>
/// <param name="Hash">A PHC string.</param>
/// <param name="Scram">The keys of SCRAM as text; empty when SASLprep does not allow the password, so that there can be none.</param>
internal sealed record StoredPassword(string Hash, string Scram)
{
    public override string ToString() => "a stored password";
}
