namespace MailSuite.Mta.Routing;

/// <summary>As whom we sign in at a next host. Never shown: not in a log, a dialogue or a journey.</summary>
internal sealed record RelayCredentials(string UserName, string Password)
{
    public override string ToString() => UserName;
}
