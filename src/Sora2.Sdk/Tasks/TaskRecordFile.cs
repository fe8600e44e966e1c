using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.Tasks;

/// <summary>Reads the file of a record, as far as there is something to read.</summary>
internal static class TaskRecordFile
{
    public const string Extension = ".json";

    /// <summary>A record is a few thousand bytes; of a longer file only the beginning is read.</summary>
    private const int MaxLength = 4 * 1024 * 1024;

    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdef");

    /// <summary>Fields that tell a record, of which two are enough, from a file of somebody else's.</summary>
    private static readonly string[] OwnFields = ["key", "platform", "taskId", "state", "createdAt"];

    /// <summary>A name as the journal of submissions makes it, such as 20261121-010203004- and 32 hexadecimal digits.</summary>
    public static bool IsOwnName(string key) =>
        key.Length == 51 && key[8] == '-' && key[18] == '-' && key.AsSpan(19).IndexOfAnyExcept(Hexadecimal) < 0
        && key.AsSpan(0, 8).IndexOfAnyExceptInRange('0', '9') < 0 && key.AsSpan(9, 9).IndexOfAnyExceptInRange('0', '9') < 0;

    /// <summary>A record; one that says what is wrong with its file; or null if the file is gone, or is no record.</summary>
    public static TaskRecord? Read(string path, string key)
    {
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
            return Damaged(path, key, new Salvage(), $"cannot be read. {MessageText.EnsurePeriod(e.Message)}");
        }

        var json = AtomicFile.Utf8(bytes);
        try
        {
            if (JsonSerializer.Deserialize(json.Span, TaskRecordJsonContext.Readable.TaskRecord) is { Platform: not null } record
                && string.Equals(record.Key, key, StringComparison.OrdinalIgnoreCase) && Enum.IsDefined(record.State) && Enum.IsDefined(record.Kind))
            {
                return record;
            }
        }
        catch (JsonException)
        {
            // Read below, as far as it goes.
        }

        var salvage = Salvage.Of(json.Span);
        return salvage.IsWhole && !salvage.IsEmpty && !IsOwnName(key) && OwnFields.Count(field => salvage[field] is not null) < 2
            ? null
            : Damaged(path, key, salvage, WhatIsWrong(key, salvage));
    }

    private static string WhatIsWrong(string key, Salvage salvage) =>
        salvage.IsEmpty ? "is empty."
        : !salvage.IsWhole ? "is damaged."
        : salvage["state"] is { } state && !Enum.TryParse<TaskRecordState>(state, ignoreCase: true, out _) ? $"has the state \"{LogSanitizer.SingleLine(state, 40)}\", which this version of the SDK does not know."
        : salvage["key"] is { } other && other != key ? $"is the record of {LogSanitizer.SingleLine(other)} under another name."
        : "is damaged: fields are missing, or hold what they cannot.";

    /// <summary>What cannot be read may be paid for: it counts as unknown, and its id is kept where one is left.</summary>
    private static TaskRecord Damaged(string path, string key, Salvage salvage, string what)
    {
        var changed = new DateTimeOffset(File.GetLastWriteTimeUtc(path));
        var platform = salvage["platform"];
        var names = platform is null && salvage["taskId"] is { } taskId ? $" It names task {LogSanitizer.SingleLine(taskId)}." : "";
        return new TaskRecord
        {
            Key = key,
            Platform = platform ?? "",
            Client = salvage["client"] ?? "",
            Kind = Enum.TryParse<TaskRecordKind>(salvage["kind"], out var kind) ? kind : default,
            State = TaskRecordState.Unknown,
            TaskId = platform is null ? null : salvage["taskId"], // Nobody can be asked about an id alone.
            Prompt = salvage["prompt"],
            Model = salvage["model"],
            CreatedAt = salvage.Time("createdAt") ?? changed,
            UpdatedAt = salvage.Time("updatedAt") ?? changed,
            Error = $"\"{path}\" {what}{names} Look at it, and mend it or remove the record; if it is none of the store's, put it elsewhere.",
        };
    }

    /// <summary>The texts that stand in a JSON object, up to where it breaks.</summary>
    private sealed class Salvage
    {
        private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);

        /// <summary>Whether it is JSON from its beginning to its end.</summary>
        public bool IsWhole { get; private set; }

        /// <summary>Whether there is nothing in it that anybody could miss.</summary>
        public bool IsEmpty { get; private set; }

        public string? this[string field] => _texts.GetValueOrDefault(field);

        public DateTimeOffset? Time(string field) =>
            DateTimeOffset.TryParse(this[field], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

        public static Salvage Of(ReadOnlySpan<byte> json)
        {
            var salvage = new Salvage { IsEmpty = json.Trim(" \t\r\n\0"u8) is [] || json.Trim(" \t\r\n\0"u8).SequenceEqual("null"u8) };
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            try
            {
                string? field = null;
                var tokens = 0;
                while (reader.Read())
                {
                    tokens++;
                    if (reader.TokenType == JsonTokenType.String && reader.CurrentDepth == 1 && field is not null)
                    {
                        salvage._texts[field] = reader.GetString()!;
                    }

                    field = reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 ? reader.GetString() : null;
                }

                salvage.IsWhole = tokens > 0;
                salvage.IsEmpty |= tokens == 2; // [] or {}
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                // The latter is text that is no Unicode. What came before counts.
            }

            return salvage;
        }
    }
}
