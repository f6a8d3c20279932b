namespace MailSuite.Shared.Clock;

/// <summary>The way past a shift, for what must not be moved by it: times of files, how long somebody is kept out, certificates, sign-ins.</summary>
public static class RealTime
{
    /// <summary>The clock on the wall behind a shifted clock; any other clock is its own.</summary>
    public static TimeProvider Real(this TimeProvider clock) => clock is ShiftedClock shifted ? shifted.Real : clock;
}
