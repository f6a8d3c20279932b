using System.Text;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Journey;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mta.Forwarding;

/// <summary>Makes the message that goes on to where an alias leads: an envelope of its own, and a Delivered-To field in front (RFC 9228).</summary>
internal sealed partial class ForwardedCopies(MtaOptions options, SenderRewriting rewriting, IRecipientDirectory directory, ILogger<ForwardedCopies> logger)
{
    /// <summary>The reverse-path of what is forwarded.</summary>
    /// <param name="isOwn">Whether somebody of ours has submitted the message.</param>
    /// <remarks>
    /// The null reverse-path stays what it is. A sender of our domains is one that we may send for, and reports to it come here anyway; somebody who
    /// has authenticated is answered for by this host in whatever name he was let write.
    /// </remarks>
    public async ValueTask<ReversePath> ReversePathAsync(ReversePath reversePath, bool isOwn, CancellationToken cancellationToken)
    {
        if (reversePath.Address is not { } sender || isOwn || !options.Forwarding.RewriteSenders || sender.Domain.Equals(rewriting.Domain)
            || await directory.JudgeAsync(sender, cancellationToken) is not RecipientVerdict.NotLocal)
            return reversePath;

        if (rewriting.Rewrite(sender) is { } rewritten)
            return ReversePath.Of(rewritten);

        LogTooLong(sender);
        return reversePath;
    }

    /// <param name="delivery">Of the message that is forwarded: the copy's id is made of it and the alias, so that one that is made again is the same.</param>
    /// <param name="message">The message, from which everything that is not said here is taken.</param>
    /// <param name="reversePath">As <see cref="ReversePathAsync"/> has it.</param>
    public static SpooledMessage Of(Forward forward, DeliveryId delivery, SpooledMessage message, ReversePath reversePath) => message with
    {
        Id = QueueId.Of(delivery, forward.Alias.Address.ToString()),
        Alias = forward.Alias.Address,
        ReversePath = reversePath,
        Recipients = [.. forward.Recipients.Select(recipient => new SpooledRecipient(recipient, null))],
        Content = new PrefixedContent(Encoding.UTF8.GetBytes($"Delivered-To: {forward.Alias.Address}\r\n"), message.Content),
        Delivery = null,
        Into = SpecialUse.Inbox,
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Sender} is too long to be rewritten; its mail is forwarded with it as it is, and hosts that check SPF may refuse it")]
    private partial void LogTooLong(EnvelopeAddress sender);
}
