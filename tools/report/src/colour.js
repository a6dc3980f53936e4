// colour.js - colours of the maps: cividis (Nunez, Anderton, Renslow 2018, PLOS ONE 13(7) e0199239), the same for everyone who sees colours
// differently, even in steps, readable in grey. Never red or orange, which mean surveyed hazard areas, nor green, which means safe.
import {interpolateCividis} from "d3-scale-chromatic";

export function classColours(count) {
  return Array.from({length: count}, (_, i) => interpolateCividis(count === 1 ? 1 : i / (count - 1)));
}

export function channels(colour) {
  return colour.match(/\d+/g).slice(0, 3).map(Number);
}
