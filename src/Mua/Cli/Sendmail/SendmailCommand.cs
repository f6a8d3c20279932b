using System.Buffers;
using System.Net;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Contracts.Mua;
using MailSuite.Shared.Disk;
using MailSuite.Shared.Maildrop;

namespace MailSuite.Mua.Cli.Sendmail;

/// <summary>Takes one message from standard input: to the program that runs, or, when none does or it cannot now, into the maildrop.</summary>
internal sealed class SendmailCommand(SendmailOptions options, ILocalProgram program, TimeProvider clock)
{
    /// <summary>Octets of a header at most; a message without end to its header is no message.</summary>
    private const int MaxHeaderOctets = 1024 * 1024;

    private const int BlockOctets = 64 * 1024;

    /// <summary>Where no program has said how much it takes: the default of <c>Mta:MaxMessageOctets</c>.</summary>
    private const long DefaultMaxOctets = 50 * 1024 * 1024;

    private readonly InputLines _lines = new(options.DotEnds);
    private readonly ArrayBufferWriter<byte> _converted = new(BlockOctets);
    private readonly byte[] _block = new byte[BlockOctets];
    private bool _isOver;

    /// <returns>What became of the message, for -v.</returns>
    /// <exception cref="CommandFailure">It was not taken, and nothing of it is left.</exception>
    public async Task<string> RunAsync(Stream input, CancellationToken cancellationToken)
    {
        var user = UserAccount.Current ?? throw new CommandFailure(SendmailExit.SystemError, "This system does not know the user that runs sendmail.");
        var maildrop = new MaildropDirectory(program.DataDirectory);
        var site = maildrop.ReadSite() ?? program.ConfiguredSite() ?? new Site(DomainOfMachine(), DefaultMaxOctets);
        var own = LocalAddress.Parse(user.Login, site.Domain);
        var reversePath = options.Sender is { } sender ? LocalAddress.ParseSender(sender, site.Domain) : ReversePath.Of(own);
        CheckSender(user, reversePath, maildrop, site);
        var recipients = options.Recipients.SelectMany(text => LocalAddress.ParseList(text, site.Domain)).ToList();
        if (recipients.Count == 0 && !options.RecipientsFromHeader)
            throw new CommandFailure(SendmailExit.Usage, "Say who gets the message: after the options, or in its header with -t.");

        var head = await ReadHeadAsync(input, cancellationToken);
        if (options.RecipientsFromHeader)
            recipients.AddRange(OutgoingHead.RecipientsIn(head, site.Domain));
        if (recipients.Count == 0)
            throw new CommandFailure(SendmailExit.DataError, "The header names no recipient.");

        var name = options.FullName ?? Environment.GetEnvironmentVariable("NAME") ?? user.FullName;
        var envelope = new DropEnvelope(DeliveryId.New(clock), reversePath, [.. recipients.Distinct()], Octets: 0);
        var outgoing = OutgoingHead.Write(head, new OutgoingHead.Writer(name, reversePath.Address ?? own, site.Domain, clock.GetLocalNow(), Guid.NewGuid()));
        using var drop = DropFile.Create(maildrop, envelope.Id);
        await WriteAsync(drop.Stream, envelope, outgoing, head.HeadOctets, input, site.MaxMessageOctets, cancellationToken);
        return await HandOverAsync(drop, cancellationToken);
    }

    private static Domain DomainOfMachine() => Domain.TryParse(Dns.GetHostName(), out var domain) ? domain : Domain.Parse("localhost");

    private static void CheckSender(UserAccount user, ReversePath reversePath, MaildropDirectory maildrop, Site site)
    {
        var server = FileOwner.Of(maildrop.Path)?.UserId ?? UserAccount.CurrentId;
        if (!LocalSender.IsTrusted(user.UserId, server) && !LocalSender.Owns(user.Login, reversePath, site.Domain))
            throw new CommandFailure(SendmailExit.NotPermitted, $"{user.Login} may send as <{user.Login}@{site.Domain}> and not as {reversePath}.");
    }

    private async Task<HeadFields> ReadHeadAsync(Stream input, CancellationToken cancellationToken)
    {
        while (true)
        {
            await ReadAsync(input, cancellationToken);
            var head = HeadFields.Read(_converted.WrittenSpan);
            if (head.IsWhole || _isOver)
            {
                return _converted.WrittenSpan[..head.HeadOctets].Contains((byte)0)
                    ? throw new CommandFailure(SendmailExit.DataError, "The header contains a NUL octet.")
                    : head;
            }

            if (_converted.WrittenCount > MaxHeaderOctets)
                throw new CommandFailure(SendmailExit.DataError, $"The header has more than {MaxHeaderOctets} octets.");
        }
    }

    /// <summary>Converts one more block of the input.</summary>
    private async ValueTask ReadAsync(Stream input, CancellationToken cancellationToken)
    {
        int read;
        try
        {
            read = await input.ReadAsync(_block, cancellationToken);
        }
        catch (IOException e)
        {
            throw new CommandFailure(SendmailExit.InputOutput, $"The message cannot be read: {e.Message}");
        }

        if (read > 0)
            _lines.Convert(_block.AsSpan(0, read), _converted);
        else
            _lines.Finish(_converted);
        _isOver = read == 0 || _lines.IsEnded;
    }

    private async Task WriteAsync(FileStream file, DropEnvelope envelope, byte[] outgoing, int headOctets, Stream input, long maxOctets, CancellationToken cancellationToken)
    {
        var front = envelope.ToHead();
        if (front.Length > DropEnvelope.MaxHeadOctets)
            throw new CommandFailure(SendmailExit.Usage, "There are too many recipients.");

        try
        {
            await file.WriteAsync(front, cancellationToken);
            await file.WriteAsync(outgoing, cancellationToken);
            var body = _converted.WrittenMemory[headOctets..];
            var octets = (long)outgoing.Length;
            while (true)
            {
                await file.WriteAsync(body, cancellationToken);
                octets += body.Length;
                if (octets > maxOctets)
                    throw new CommandFailure(SendmailExit.Unavailable, $"The message has more than {maxOctets} octets.");
                if (_isOver)
                    break;
                _converted.ResetWrittenCount();
                await ReadAsync(input, cancellationToken);
                body = _converted.WrittenMemory;
            }

            file.Position = 0;
            await file.WriteAsync((envelope with { Octets = octets }).ToHead(), cancellationToken);
        }
        catch (IOException e)
        {
            throw new CommandFailure(IsFull(e) ? SendmailExit.TryAgain : SendmailExit.InputOutput, $"The message cannot be written: {e.Message}");
        }
    }

    private async Task<string> HandOverAsync(DropFile drop, CancellationToken cancellationToken)
    {
        drop.Stream.Position = 0;
        switch (await program.SubmitAsync(drop.Stream, cancellationToken))
        {
            case SubmissionOutcome.Accepted accepted:
                return $"The message is accepted as {accepted.QueueId}.";
            case SubmissionOutcome.Refused { Recipients: { Count: > 0 } recipients } refused:
                throw new CommandFailure(SendmailExit.Of(refused.Status), $"{string.Join(", ", recipients)}: {refused.Status} {refused.Reason}");
            case SubmissionOutcome.Refused refused:
                throw new CommandFailure(SendmailExit.Of(refused.Status), $"{refused.Status} {refused.Reason}");
            default:
                // Nobody is there, or not now: perhaps it has the message all the same, and then knows it again by its id.
                Keep(drop);
                return $"The message lies in {program.DataDirectory} until MailSuite takes it.";
        }
    }

    private static void Keep(DropFile drop)
    {
        try
        {
            drop.Keep();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(IsFull(e) ? SendmailExit.TryAgain : SendmailExit.InputOutput, $"The message cannot be kept: {e.Message}");
        }
    }

    /// <summary>ENOSPC, EDQUOT; ERROR_DISK_FULL.</summary>
    private static bool IsFull(Exception e) => e.HResult is 28 or 122 || (e.HResult & 0xFFFF) == 112;
}
