namespace MailSuite.Mta.Envelope;

/// <summary>The NOTIFY parameter of RCPT (RFC 3461 §4.1): what the sender wants to be told of. Kept on disk by its number.</summary>
[Flags]
internal enum Notify
{
    /// <summary>Nothing was said: failures are told, and delays may be.</summary>
    Unspecified = 0,

    /// <summary>Nothing at all; stands alone.</summary>
    Never = 1,

    Success = 2,

    Failure = 4,

    Delay = 8,
}

internal static class Notifications
{
    public static bool WantsSuccess(this Notify notify) => notify.HasFlag(Notify.Success);

    public static bool WantsFailure(this Notify notify) => notify == Notify.Unspecified || notify.HasFlag(Notify.Failure);

    /// <summary>RFC 3461 §4.1 leaves it open where nothing was said; who sends mail wants to know that it is late.</summary>
    public static bool WantsDelay(this Notify notify) => notify == Notify.Unspecified || notify.HasFlag(Notify.Delay);
}
