using MailSuite.Mda.Pop3.Replies;

namespace MailSuite.Mda.Pop3.Commands;

/// <summary>One command of POP3. It has no state of its own: one object serves all sessions.</summary>
internal interface IPop3Command
{
    /// <summary>In upper case; matched without regard to case (RFC 1939 §3).</summary>
    string Keyword { get; }

    Pop3States AllowedIn { get; }

    /// <summary>Does what the command says; called only in a state that allows it.</summary>
    /// <param name="arguments">What follows the keyword and its space; empty when nothing does.</param>
    /// <returns>The response; <see langword="null"/> when all is said.</returns>
    ValueTask<Pop3Reply?> ExecuteAsync(Pop3Session session, string arguments);
}
