using MailSuite.Mda.Imap.Grammar;

namespace MailSuite.Mda.Imap;

/// <summary>One command as it came, literals in their places (<c>{5}</c> CRLF <c>hello</c>). Its octets are valid until the command is done.</summary>
/// <param name="Arguments">What follows the name and its space; empty when nothing does.</param>
/// <param name="HasArguments">Whether there is a space after the name.</param>
/// <param name="Message">The literal that the command has to read itself (<see cref="Commands.IImapCommand.IsMessage"/>); the arguments end with its announcement.</param>
internal readonly record struct ImapCommandLine(ReadOnlyMemory<byte> Tag, ReadOnlyMemory<byte> Arguments, bool HasArguments, LiteralHeader? Message)
{
    public ImapParser Parse() => new(Arguments.Span);
}
