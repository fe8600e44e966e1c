using System.Net;
using System.Net.Http.Headers;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.Transport;

/// <summary>A completely read response, or its failure, which several waiters can get.</summary>
internal sealed class ReceivedResponse
{
    private readonly HttpResponseMessage? _response;

    private ReceivedResponse(HttpResponseMessage? response, ReadOnlyMemory<byte> body, Exception? failure) =>
        (_response, Body, Failure) = (response, body, failure);

    /// <summary>The status code, or null if no response began.</summary>
    public HttpStatusCode? StatusCode => _response?.StatusCode;

    public HttpResponseHeaders? Headers => _response?.Headers;

    public HttpContentHeaders? ContentHeaders => _response?.Content.Headers;

    /// <summary>The part of the body that arrived.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>Why the response is incomplete, or null.</summary>
    public Exception? Failure { get; }

    /// <summary>Sends and reads a response. A failure is part of the result.</summary>
    public static async Task<ReceivedResponse> ReadAsync(
        Func<Task<HttpResponseMessage>> send, long limit, CancellationToken cancellationToken)
    {
        HttpResponseMessage? response = null;
        BoundedStreamReader? body = null;
        try
        {
            response = await send().ConfigureAwait(false);
            var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            body = new BoundedStreamReader(limit, response.Content.Headers.ContentLength);
            await body.ReadToEndAsync(stream, cancellationToken).ConfigureAwait(false);
            return new ReceivedResponse(response, body.Bytes, failure: null);
        }
        catch (Exception e)
        {
            return new ReceivedResponse(response, body?.Bytes ?? default, e);
        }
        finally
        {
            response?.Dispose(); // Headers stay readable.
        }
    }

    /// <summary>Returns the response as a message for one waiter.</summary>
    public HttpResponseMessage ToMessage(HttpRequestMessage request)
    {
        if (_response is null)
        {
            throw Failure!;
        }

        var message = new HttpResponseMessage(_response.StatusCode)
        {
            ReasonPhrase = _response.ReasonPhrase,
            Version = _response.Version,
            RequestMessage = request,
            Content = Failure is null ? new ReadOnlyMemoryContent(Body) : new StreamContent(new BrokenStream(Body, Failure)),
        };
        _response.Headers.CopyTo(message.Headers);
        _response.Content.Headers.CopyTo(message.Content.Headers);
        return message;
    }

    /// <summary>A body that fails where the real one did.</summary>
    private sealed class BrokenStream(ReadOnlyMemory<byte> came, Exception failure) : ReadOnlyStream
    {
        private int _position;

        public override int Read(Span<byte> buffer)
        {
            if (_position == came.Length)
            {
                throw new IOException(failure.Message, failure);
            }

            var count = Math.Min(buffer.Length, came.Length - _position);
            came.Span.Slice(_position, count).CopyTo(buffer);
            _position += count;
            return count;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            new(Read(buffer.Span));
    }
}
