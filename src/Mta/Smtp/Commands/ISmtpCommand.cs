using MailSuite.Mta.Smtp.Replies;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Smtp.Commands;

/// <summary>One command of SMTP. It has no state of its own: one object serves all sessions.</summary>
internal interface ISmtpCommand
{
    /// <summary>In upper case; matched without regard to case (RFC 5321 §2.4).</summary>
    string Verb { get; }

    /// <summary>For HELP.</summary>
    string Syntax { get; }

    SmtpStates AllowedIn { get; }

    /// <summary>Why a session of this role does not have the command; <see langword="null"/> where it does.</summary>
    SmtpReply? RefusalIn(SmtpRole role) => null;

    /// <summary>Whether a client must await its reply before it says more (RFC 2920 §3.1).</summary>
    bool EndsGroup => false;

    /// <summary>Whether it brings no mail nearer; so many of them in a session are a misuse of it.</summary>
    bool IsIdle => false;

    /// <summary>Whether the lines after it may be secrets, refused or not; they are not shown in a journey then.</summary>
    bool CarriesSecrets => false;

    /// <summary>What it hears when its line is no text, and so was not read any further.</summary>
    SmtpReply ReplyToNoText => SmtpReplies.NotText;

    /// <summary>Does what the command says; called only in a state that allows it.</summary>
    /// <param name="arguments">What follows the verb and its space; empty when nothing does.</param>
    /// <returns>The final reply; <see langword="null"/> when there is none to give any more.</returns>
    ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session, string arguments);
}
