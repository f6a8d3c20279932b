namespace MailSuite.Bench.Kill;

/// <param name="Program">The program, published or built.</param>
/// <param name="Kills">How often it is killed.</param>
/// <param name="Messages">Messages that are sent to it in each of its lives.</param>
/// <param name="Sessions">Connections that send them.</param>
/// <param name="Measured">Messages by which the window is measured, first one at a time and then by all sessions.</param>
/// <param name="Limit">After this everything ends, whatever is left.</param>
internal sealed record KillPlan(string Program, int Kills, int Messages, int Sessions, int Measured, int Seed, TimeSpan Limit)
{
    /// <summary>Every so many-th message is refused by the next host for ever, so that it has to be reported.</summary>
    public const int RefusedOneIn = 7;

    /// <summary>Every so many-th is refused once with 451.</summary>
    public const int DeferredOneIn = 5;
}
