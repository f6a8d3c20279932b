namespace MailSuite.Mda.Imap.Capabilities;

/// <summary>When a capability is told.</summary>
internal enum CapabilityScope
{
    /// <summary>Once somebody has signed in: it is of no use before, and an account may hide it.</summary>
    SignedIn,

    /// <summary>From the greeting on.</summary>
    Always,

    /// <summary>Only until somebody has signed in.</summary>
    NotAuthenticated,
}

/// <summary>One row of the table of capabilities (RFC 9051 §7.2.2).</summary>
/// <param name="Name">As it is told; one whose value depends on the session is told by <see cref="Text"/>.</param>
/// <param name="Enables">What ENABLE of it switches on; nothing for what needs no ENABLE.</param>
internal sealed record ImapCapability(string Name, CapabilityScope Scope = CapabilityScope.SignedIn, ImapExtensions Enables = ImapExtensions.None)
{
    /// <summary>What is told in this session; <see langword="null"/> where it is not offered.</summary>
    public Func<ImapSession, string?>? Text { get; init; }

    /// <summary>Whether an account can hide it; what a session cannot do without cannot be hidden.</summary>
    public bool MayHide => Scope == CapabilityScope.SignedIn;

    public string? TextIn(ImapSession session)
    {
        var isSignedIn = session.State != ImapStates.NotAuthenticated;
        if (Scope == CapabilityScope.SignedIn ? !isSignedIn : Scope == CapabilityScope.NotAuthenticated && isSignedIn)
            return null;
        if (MayHide && session.HiddenCapabilities.Contains(Name))
            return null;
        return Text is null ? Name : Text(session);
    }
}
