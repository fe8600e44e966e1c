<Query Kind="Statements">
  <NuGetReference>Sora2.Sdk</NuGetReference>
  <Namespace>Sora2.Sdk</Namespace>
</Query>

// Makes one video from a text. Running this makes a 10 s video at Juxin and COSTS MONEY.
// LINQPad asks for the key once and stores it in its password manager, never in this file.

using var client = Sora2Client.Create(Sora2Platform.Juxin, Util.GetPassword("juxin"));

var video = await client.Videos.GenerateAsync(new VideoRequest("A corgi surfs a long wave at sunset, slow motion"));
video.Dump("Plays here until its link expires");

var folder = Util.ReadLine("Which folder to save it in", Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.MyVideos), "Sora2"));
Directory.CreateDirectory(folder);
var file = await client.Videos.DownloadToDirectoryAsync(video, folder);
file.Dump("Plays here from the disk");
