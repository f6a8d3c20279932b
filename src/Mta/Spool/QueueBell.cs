using System.Threading.Channels;

namespace MailSuite.Mta.Spool;

/// <summary>Tells the queue that there is something new to do. Rings are not counted: one wakes for all before it.</summary>
internal sealed class QueueBell
{
    private readonly Channel<bool> _rings = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Ring() => _rings.Writer.TryWrite(true);

    public async Task WaitAsync(CancellationToken cancellationToken) => await _rings.Reader.ReadAsync(cancellationToken);
}
