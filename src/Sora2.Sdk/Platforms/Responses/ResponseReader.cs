using System.Buffers;
using System.Text;

namespace Sora2.Sdk.Platforms.Responses;

/// <summary>Finds the JSON in a response and reads the task in it. Never throws; linear in the length of the body.</summary>
/// <remarks>
/// The JSON may be behind a byte order mark or blank lines, in the <c>data:</c> lines of an event stream, after the notices of a PHP site
/// or the prefix of a log, or in a string.
/// </remarks>
internal readonly struct ResponseReader
{
    /// <summary>The number of documents that are read; the rest of the response is only searched for an id.</summary>
    private const int MaxDocuments = 256;

    /// <summary>How far before a bracket the quotes of the strings around it are searched.</summary>
    private const int MaxQuotes = 64;

    private static readonly byte[][] StreamFields = [.. new[] { "data:", "event:", "id:", "retry:", ":" }.Select(Encoding.ASCII.GetBytes)];

    private ResponseReader(TaskReader task, ReadOnlyMemory<byte> json) => (Task, Json) = (task, json);

    /// <summary>The task as read.</summary>
    public TaskReader Task { get; }

    /// <summary>The document with the task; the complete body if there is none.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>Whether another document of the response reports an error.</summary>
    public bool HasOtherError { get; private init; }

    /// <summary>Whether there is text behind the document that is not another document.</summary>
    public bool HasRest { get; private init; }

    /// <summary>Whether the response is a web page.</summary>
    public bool IsPage { get; private init; }

    /// <summary>Reads a response.</summary>
    /// <param name="body">Its bytes.</param>
    /// <param name="queriedId">The task of the query, or null.</param>
    /// <param name="isPaid">
    /// Whether a task may have been created: then the first document with an id counts, else the last one about the task.
    /// </param>
    public static ResponseReader Read(ReadOnlyMemory<byte> body, string? queriedId, bool isPaid)
    {
        var text = Unwrap(body);
        var span = text.Span;
        var isPage = IsWebPage(span);
        TaskReader? best = null;
        var bestJson = body;
        var hasOtherError = false;
        var hasRest = false;
        var at = 0;
        for (var documents = 0; documents < MaxDocuments; documents++)
        {
            var start = FindStart(span, at, isFirst: documents == 0);
            hasRest = best is not null && !IsBlank(span[at..(start < 0 ? span.Length : start)]);
            if (start < 0)
            {
                break;
            }

            var task = new TaskReader(queriedId, isPaid);
            var end = start + task.Read(span[start..], isPage);
            at = end;
            if (best is null || (isPaid ? best.CreatedId is null && task.CreatedId is not null
                : task.NamesQueriedTask || (!best.NamesQueriedTask && task.RawStatus is not null)))
            {
                hasOtherError |= best is not null && best.ReportsError;
                (best, bestJson) = (task, text[start..end]);
            }
            else
            {
                hasOtherError |= task.ReportsError;
            }

            if (!task.IsComplete)
            {
                break;
            }
        }

        return new ResponseReader(best ?? new TaskReader(queriedId, isPaid), bestJson)
        {
            HasOtherError = hasOtherError,
            HasRest = hasRest,
            IsPage = isPage,
        };
    }

    /// <summary>Returns the id of the task that a paid call created, wherever the response names it, or null.</summary>
    public static string? FindId(ReadOnlyMemory<byte> body)
    {
        var response = Read(body, queriedId: null, isPaid: true);
        return response.Task.CreatedId ?? response.ScanForId(body);
    }

    /// <summary>Searches for an id by its field's name alone, if the JSON is too damaged to prove that there is none.</summary>
    public string? ScanForId(ReadOnlyMemory<byte> body) =>
        !IsPage && (!Task.HasObject || !Task.IsComplete || Task.IsDamaged || Task.IsTooDeep || HasRest) ? TaskIds.Scan(body.Span) : null;

    /// <summary>Returns the start of the next document, or -1: at first any bracket, later only one that looks like JSON.</summary>
    private static int FindStart(ReadOnlySpan<byte> text, int from, bool isFirst)
    {
        var at = from;
        while (at < text.Length && text[at] <= ' ')
        {
            at++;
        }

        if (isFirst && at < text.Length && text[at] is (byte)'{' or (byte)'[' or (byte)'"')
        {
            return at;
        }

        while (true)
        {
            var next = text[at..].IndexOfAny("{["u8);
            if (next < 0)
            {
                return -1;
            }

            at += next;
            var inner = at + 1;
            while (inner < text.Length && text[inner] <= ' ')
            {
                inner++;
            }

            if (text[at..Math.Min(text.Length, inner + 8)].Contains((byte)'\\') && FindQuoteBefore(text, from, at) is { } quote)
            {
                return quote;
            }

            if (inner < text.Length && (text[at] == '{' ? text[inner] is (byte)'"' or (byte)'\'' or (byte)'}'
                : text[inner] is (byte)'{' or (byte)'[' or (byte)'"' or (byte)']'))
            {
                return at;
            }

            at = inner;
        }
    }

    /// <summary>Returns the start of the string, or nested strings, of this JSON: <c>"{\"</c>, <c>"\"{\\\"</c>, <c>"\u0022{</c>.</summary>
    private static int? FindQuoteBefore(ReadOnlySpan<byte> text, int from, int bracket)
    {
        int? quote = null;
        for (var at = bracket - 1; at >= from && at > bracket - MaxQuotes
            && text[at] is (byte)'"' or (byte)'\\' or (byte)'u' or (byte)'0' or (byte)'2'; at--)
        {
            quote = text[at] == '"' ? at : quote;
        }

        return quote;
    }

    private static bool IsBlank(ReadOnlySpan<byte> text)
    {
        foreach (var letter in text)
        {
            if (letter > ' ')
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsWebPage(ReadOnlySpan<byte> text)
    {
        Span<byte> start = stackalloc byte[256];
        var trimmed = text.TrimStart(" \t\r\n"u8);
        if (trimmed.IsEmpty || trimmed[0] != '<')
        {
            return false;
        }

        Ascii.ToLower(trimmed[..Math.Min(trimmed.Length, start.Length)], start, out var length);
        start = start[..length];
        return start.IndexOf("<!doctype"u8) >= 0 || start.IndexOf("<html"u8) >= 0;
    }

    /// <summary>Returns the body without a byte order mark, or the <c>data:</c> lines of an event stream.</summary>
    private static ReadOnlyMemory<byte> Unwrap(ReadOnlyMemory<byte> body)
    {
        while (body.Span.StartsWith("\uFEFF"u8))
        {
            body = body[3..];
        }

        var start = body.Span.TrimStart(" \t\r\n\0"u8);
        if (start.StartsWith("\uFEFF"u8))
        {
            return Unwrap(body[(body.Length - start.Length)..]);
        }

        return start.IsEmpty || start[0] is (byte)'{' or (byte)'[' || !Array.Exists(StreamFields, IsAtStart)
            ? body
            : ReadEventStream(body.Span);

        bool IsAtStart(byte[] field) => body.Span.TrimStart(" \t\r\n\0"u8).StartsWith(field);
    }

    private static ReadOnlyMemory<byte> ReadEventStream(ReadOnlySpan<byte> stream)
    {
        var data = new ArrayBufferWriter<byte>(Math.Max(1, stream.Length));
        while (!stream.IsEmpty)
        {
            var end = stream.IndexOfAny((byte)'\n', (byte)'\r');
            var line = end < 0 ? stream : stream[..end];
            stream = end < 0 ? default : stream[(end + 1)..];
            line = line.TrimStart(" \t\0"u8);
            if (line.StartsWith("data:"u8))
            {
                data.Write(line[5..]);
                data.Write("\n"u8);
            }
            else if (!Array.Exists(StreamFields, Begins(line)))
            {
                data.Write(line); // not a field of the stream: an error was written into it
                data.Write("\n"u8);
            }
        }

        return data.WrittenMemory;

        static Predicate<byte[]> Begins(ReadOnlySpan<byte> line)
        {
            var letters = line[..Math.Min(line.Length, 8)].ToArray();
            return field => letters.AsSpan().StartsWith(field);
        }
    }
}
