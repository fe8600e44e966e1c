<Query Kind="Statements">
  <NuGetReference>Sora2.Sdk</NuGetReference>
  <Namespace>Sora2.Sdk</Namespace>
</Query>

// Makes a character from a finished video and uses it by a name of your own. Running this makes a character and a 10 s video at Juxin and COSTS MONEY.

var library = new CharacterLibrary(new FileCharacterStore(Util.ReadLine(
    "Which file to store the library in", Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "Sora2", "characters.json"))));
using var client = Sora2Client.Create(Sora2Platform.Juxin, Util.GetPassword("juxin"), options => options.CharacterLibrary = library);

var taskId = Util.ReadLine("The id of a finished task whose video shows the character from second 1 to 3");
await client.Characters.CreateAsync(
    CharacterRequest.FromTask(taskId, new TimeRange(1, 3)) with { Alias = Util.ReadLine("A name for it", "阳光小猫") });
var known = await library.SearchAsync();
known.Dump("The library");

var video = await client.Videos.GenerateAsync(new VideoRequest($"@{known[^1].Alias} plays the drums"));
video.Dump(video.Mentions?.Prompt);
