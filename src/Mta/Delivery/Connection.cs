using System.Net;
using System.Net.Sockets;
using MailSuite.Shared.LineProtocol;

namespace MailSuite.Mta.Delivery;

/// <summary>What became of connecting to one address.</summary>
/// <param name="End">Where to.</param>
internal abstract record Connection(EndPoint End)
{
    /// <param name="Socket">Beneath the transport, which owns it.</param>
    public sealed record Made(EndPoint End, IMailTransport Transport, Socket Socket) : Connection(End)
    {
        /// <summary>Whether the other side has neither closed nor said anything unasked. Asks the operating system; does not wait.</summary>
        public bool IsQuiet
        {
            get
            {
                try
                {
                    return !Socket.Poll(TimeSpan.Zero, SelectMode.SelectRead);
                }
                catch (Exception e) when (e is SocketException or ObjectDisposedException)
                {
                    return false;
                }
            }
        }
    }

    /// <param name="Why">A clause without a full stop.</param>
    public sealed record Failed(EndPoint End, string Why) : Connection(End);
}
