using MailSuite.Mta.Smtp.Replies;

namespace MailSuite.Mta.Smtp.Commands;

/// <summary>NOOP: nothing, with or without a string (RFC 5321 §4.1.1.9).</summary>
internal sealed class NoopCommand : ISmtpCommand
{
    public string Verb => "NOOP";

    public string Syntax => "NOOP [text]";

    public SmtpStates AllowedIn => SmtpStates.Any;

    public bool IsIdle => true;

    public ValueTask<SmtpReply?> ExecuteAsync(SmtpSession session, string arguments) => new(SmtpReplies.Ok);
}
