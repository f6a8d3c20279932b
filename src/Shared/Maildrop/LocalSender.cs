using MailSuite.Shared.Addressing;

namespace MailSuite.Shared.Maildrop;

/// <summary>Which reverse-path a user of this machine may give to mail: anybody the own address or none, root and accounts of services any.</summary>
public static class LocalSender
{
    /// <summary>The first user id of people; below are the system's and its services' (login.defs: UID_MIN).</summary>
    private const long FirstPerson = 1000;

    /// <summary>Whether the user may name any sender.</summary>
    /// <param name="serverUserId">Whose the data directory is.</param>
    public static bool IsTrusted(long userId, long serverUserId) => userId < FirstPerson || userId == serverUserId;

    /// <param name="login">The user's login name.</param>
    /// <param name="domains">The domains that stand behind it.</param>
    public static bool Owns(string login, ReversePath path, params ReadOnlySpan<Domain> domains)
    {
        if (path.Address is not { } address)
            return true;
        if (!string.Equals(address.LocalPart, login, StringComparison.Ordinal))
            return false;
        foreach (var domain in domains)
        {
            if (domain.Equals(address.Domain))
                return true;
        }

        return false;
    }
}
