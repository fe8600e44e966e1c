using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.Tasks;

/// <summary>Reads the file of a record; of a damaged file, what is legible.</summary>
internal static class TaskRecordFile
{
    public const string Extension = ".json";

    /// <summary>A record has a few thousand bytes, unless its request has images; only the beginning of a longer file is read.</summary>
    private const int MaxLength = 64 * 1024 * 1024;

    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdef");

    /// <summary>Fields by which a record is recognized: two of them are enough.</summary>
    private static readonly string[] OwnFields = ["id", "platformName", "taskId", "state", "createdAt"];

    private static readonly JsonTypeInfo<TaskRecord> Format = CreateFormat();

    /// <summary>Whether an id is in the SDK's own format, such as 20261121-010203004- followed by 32 hexadecimal digits.</summary>
    public static bool IsOwnName(string id) =>
        id.Length == 51 && id[8] == '-' && id[18] == '-' && id.AsSpan(19).IndexOfAnyExcept(Hexadecimal) < 0
        && id.AsSpan(0, 8).IndexOfAnyExceptInRange('0', '9') < 0 && id.AsSpan(9, 9).IndexOfAnyExceptInRange('0', '9') < 0;

    /// <summary>Returns the content of a record's file.</summary>
    public static byte[] Content(TaskRecord record) => JsonSerializer.SerializeToUtf8Bytes(record, Format);

    /// <summary>Returns the record, one that describes the damage, or null if the file does not exist or is not a record.</summary>
    public static TaskRecord? Read(string path, string id) => Read(path, id, out _);

    /// <param name="path">The file.</param>
    /// <param name="id">The id that its name stands for.</param>
    /// <param name="isUnreadable">Whether the file is there and could not be read, so that nothing is known of its content.</param>
    /// <inheritdoc cref="Read(string, string)"/>
    public static TaskRecord? Read(string path, string id, out bool isUnreadable)
    {
        isUnreadable = false;
        byte[] bytes;
        try
        {
            bytes = AtomicFile.Read(path, MaxLength);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            isUnreadable = true;
            return Damaged(path, id, new Salvage(), $"cannot be read. {MessageText.EnsurePeriod(e.Message)}");
        }

        var json = AtomicFile.Utf8(bytes);
        try
        {
            if (JsonSerializer.Deserialize(json.Span, Format) is { PlatformName: not null } record
                && string.Equals(record.Id, id, StringComparison.OrdinalIgnoreCase)
                && Enum.IsDefined(record.State)
                && Enum.IsDefined(record.Kind))
            {
                return record;
            }
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or ArgumentException)
        {
            // The last two come of a request that is not one. What is legible is read below.
        }

        var salvage = Salvage.From(json.Span);
        return salvage.IsValid && !salvage.IsEmpty && !IsOwnName(id) && OwnFields.Count(field => salvage[field] is not null) < 2
            ? null
            : Damaged(path, id, salvage, Problem(id, salvage));
    }

    private static JsonTypeInfo<TaskRecord> CreateFormat()
    {
        // A field of a newer version must not make a record illegible.
        var options = Sora2Json.CreateFileOptions(info =>
        {
            if (info.Kind == JsonTypeInfoKind.Object)
            {
                info.UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip;
            }
        });
        options.ReadCommentHandling = JsonCommentHandling.Skip;
        options.AllowTrailingCommas = true;
        return (JsonTypeInfo<TaskRecord>)options.GetTypeInfo(typeof(TaskRecord));
    }

    private static string Problem(string id, Salvage salvage) =>
        salvage.IsEmpty ? "is empty."
        : !salvage.IsValid ? "is damaged."
        : salvage["state"] is { } state && !Enum.TryParse<TaskRecordState>(state, ignoreCase: true, out _)
            ? $"has the state \"{LogSanitizer.SingleLine(state, 40)}\", which this version of the SDK does not support."
        : salvage["id"] is { } other && other != id ? $"is the record of {LogSanitizer.SingleLine(other)} under another name."
        : "is damaged: fields are missing or not valid.";

    /// <summary>Returns an Unknown record, since the task may have been paid for, with the task's id if it is legible.</summary>
    private static TaskRecord Damaged(string path, string id, Salvage salvage, string problem)
    {
        var changed = new DateTimeOffset(File.GetLastWriteTimeUtc(path));
        var platform = salvage["platformName"];
        var names = platform is null && salvage["taskId"] is { } taskId ? $" It names task {LogSanitizer.SingleLine(taskId)}." : "";
        return new TaskRecord
        {
            Id = id,
            Key = salvage["key"],
            Attempt = int.TryParse(salvage["attempt"], CultureInfo.InvariantCulture, out var attempt) ? attempt : 1,
            Fingerprint = salvage["fingerprint"],
            PlatformName = platform ?? "",
            ClientName = salvage["clientName"] ?? "",
            Kind = Enum.TryParse<TaskRecordKind>(salvage["kind"], out var kind) ? kind : default,
            State = TaskRecordState.Unknown,
            TaskId = platform is null ? null : salvage["taskId"], // an id alone cannot be polled
            Prompt = salvage["prompt"],
            Model = salvage["model"],
            CreatedAt = salvage.Time("createdAt") ?? changed,
            UpdatedAt = salvage.Time("updatedAt") ?? changed,
            Error = $"\"{path}\" {problem}{names} Fix the file or remove the record; move a file of another program elsewhere.",
        };
    }

    /// <summary>The strings and numbers of a JSON object, up to where it is damaged.</summary>
    private sealed class Salvage
    {
        private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);

        /// <summary>Whether the file is valid JSON.</summary>
        public bool IsValid { get; private set; }

        /// <summary>Whether the file has no content.</summary>
        public bool IsEmpty { get; private set; }

        public string? this[string field] => _texts.GetValueOrDefault(field);

        public DateTimeOffset? Time(string field) =>
            DateTimeOffset.TryParse(this[field], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

        public static Salvage From(ReadOnlySpan<byte> json)
        {
            var content = json.Trim(" \t\r\n\0"u8);
            var salvage = new Salvage { IsEmpty = content is [] || content.SequenceEqual("null"u8) };
            var options = new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
            var reader = new Utf8JsonReader(json, options);
            try
            {
                string? field = null;
                var tokens = 0;
                while (reader.Read())
                {
                    tokens++;
                    if (reader is { CurrentDepth: 1, TokenType: JsonTokenType.String or JsonTokenType.Number } && field is not null)
                    {
                        salvage._texts[field] = reader.TokenType == JsonTokenType.String
                            ? reader.GetString()!
                            : Encoding.UTF8.GetString(reader.ValueSpan);
                    }

                    field = reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 ? reader.GetString() : null;
                }

                salvage.IsValid = tokens > 0;
                salvage.IsEmpty |= tokens == 2; // [] or {}
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                // An InvalidOperationException is text that is not valid Unicode. The fields before it are kept.
            }

            return salvage;
        }
    }
}
