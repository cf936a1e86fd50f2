// Reads calendars with ical.js, the library of Thunderbird and Nextcloud: a JSON string a line in, a JSON object a line out.
// usage: node ical_js.mjs PATH-OF-ICAL.JS
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const { default: ICAL } = await import(pathToFileURL(process.argv[2]));
ICAL.design.strict = true;

function read(text) {
  const faults = [];
  const calendar = new ICAL.Component(ICAL.parse(text));
  const known = calendar.getAllSubcomponents("vtimezone").map((zone) => new ICAL.Timezone(zone));
  const events = calendar.getAllSubcomponents("vevent").map((component) => {
    for (const property of component.getAllProperties()) {
      const zone = property.getParameter("tzid");
      if (zone && !known.some((one) => one.tzid === zone)) faults.push(`${property.name} in unknown zone ${zone}`);
    }
    const event = new ICAL.Event(component);
    for (const name of ["uid", "dtstamp", "dtstart", "summary"]) {
      if (component.getAllProperties(name).length !== 1) faults.push(`not one ${name}`);
    }
    if (event.endDate.compare(event.startDate) <= 0) faults.push("ends before it begins");
    return {
      uid: event.uid,
      sequence: event.sequence,
      start: event.startDate.toJSDate().toISOString(),
      end: event.endDate.toJSDate().toISOString(),
      summary: event.summary,
      location: event.location,
      description: event.description,
      organizer: event.organizer,
      attendees: event.attendees.map((one) => one.getFirstValue()),
    };
  });
  return { method: calendar.getFirstPropertyValue("method"), events, faults };
}

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    answer = read(JSON.parse(line));
  } catch (error) {
    answer = { method: null, events: [], faults: [String(error.message)] };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
