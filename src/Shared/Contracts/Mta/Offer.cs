namespace MailSuite.Shared.Contracts.Mta;

/// <summary>To whom the server offers something that tells of our people or reaches them.</summary>
public enum Offer
{
    /// <summary>To nobody.</summary>
    Never,

    /// <summary>In sessions that have authenticated.</summary>
    Authenticated,

    /// <summary>To everybody who connects.</summary>
    Always,
}
